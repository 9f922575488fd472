package org.mailrack.pop3.internal;

import java.util.List;
import java.util.Locale;

/** LANG (RFC 6856 section 3). All answers are in English. */
final class LangCommand implements Command {

    private static final String LANGUAGE = "en";

    @Override
    public String keyword() {
        return "LANG";
    }

    @Override
    public When when() {
        return When.ALWAYS;
    }

    @Override
    public void run(Pop3Session session, CommandLine line) {
        List<String> words = line.words();
        if (words.isEmpty()) {
            session.connection().write("+OK Language listing follows\r\n" + LANGUAGE + " English\r\n.\r\n");
            return;
        }
        String wanted = words.get(0).toLowerCase(Locale.ROOT);
        boolean known = wanted.equals("*")
                || wanted.equals("i-default")
                || wanted.equals(LANGUAGE)
                || wanted.startsWith(LANGUAGE + "-");
        if (words.size() == 1 && known) {
            session.ok(LANGUAGE + " Language is English");
        } else {
            session.misused("No such language");
        }
    }
}
