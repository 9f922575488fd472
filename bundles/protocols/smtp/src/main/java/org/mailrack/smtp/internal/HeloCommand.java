package org.mailrack.smtp.internal;

import java.util.ArrayList;
import java.util.List;

import org.mailrack.api.filter.Verdict;

/** HELO, EHLO (RFC 5321 section 4.1.1.1) and LHLO (RFC 2033 section 4.1). */
final class HeloCommand implements SmtpCommand {

    private final String verb;

    HeloCommand(String verb) {
        this.verb = verb;
    }

    @Override
    public String verb() {
        return verb;
    }

    @Override
    public boolean serves(Flavor flavor) {
        return verb.equals("LHLO") == (flavor == Flavor.LMTP);
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        if (!isName(argument)) {
            return Step.of(Replies.BAD_HELO);
        }
        dialog.reset();
        boolean extended = !verb.equals("HELO");
        dialog.hello(argument, extended);
        Verdict verdict = dialog.services().filters().helo(dialog.client());
        if (verdict instanceof Verdict.Reject reject) {
            dialog.helloRefused();
            return Step.of(Reply.plain(550, reject.text()));
        }
        if (verdict instanceof Verdict.Defer defer) {
            dialog.helloRefused();
            return Step.of(Reply.plain(451, defer.text()));
        }
        dialog.keep(verdict);
        List<String> lines = new ArrayList<>();
        lines.add(dialog.hostname() + " greets " + argument);
        if (extended) {
            lines.add("PIPELINING");
            lines.add("8BITMIME");
            lines.add("SMTPUTF8");
            lines.add("ENHANCEDSTATUSCODES");
            dialog.services().commands().all(dialog.flavor()).forEach(c -> c.keywords(dialog, lines::add));
        }
        return Step.of(Reply.lines(250, lines));
    }

    /**
     * Clients give themselves all kinds of names; what matters is that the name can stand in a Received field without being
     * taken for more than a name.
     */
    private static boolean isName(String text) {
        if (text.isEmpty() || text.length() > 255) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "()<>@,;\\\"".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }
}
