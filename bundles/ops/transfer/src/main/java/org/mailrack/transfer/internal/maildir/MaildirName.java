package org.mailrack.transfer.internal.maildir;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.mailrack.api.mailbox.Flags;

/**
 * The name of a message's file.
 *
 * @param base what stays the same when flags change
 * @param letters its flags, capitals and keywords
 */
record MaildirName(String base, String letters) {

    private static final Pattern SIZES = Pattern.compile("(?:,[SW]=[0-9]+)+$");
    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,11})\\..*");
    private static final String INFO = "2,";

    /** The letters of the flags, in the order that names have them. */
    private static final String LETTERS = "DFRST";

    private static final int[] BITS = {Flags.DRAFT, Flags.FLAGGED, Flags.ANSWERED, Flags.SEEN, Flags.DELETED};

    static MaildirName parse(String name) {
        int colon = name.indexOf(':');
        if (colon < 0) {
            return new MaildirName(name, "");
        }
        String info = name.substring(colon + 1);
        String letters = info.startsWith(INFO) ? info.substring(INFO.length()) : "";
        int comma = letters.indexOf(',');
        return new MaildirName(name.substring(0, colon), comma < 0 ? letters : letters.substring(0, comma));
    }

    /** What tells the message from all others; some programs add the sizes later. */
    String unique() {
        return SIZES.matcher(base).replaceFirst("");
    }

    /** When the message was put there, as its name says. */
    Optional<Instant> time() {
        Matcher seconds = SECONDS.matcher(base);
        return seconds.matches()
                ? Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds.group(1))))
                : Optional.empty();
    }

    /** The flags; P, for passed on, is the keyword that IMAP clients use. */
    Flags flags(KeywordLetters keywords) {
        int bits = 0;
        for (int i = 0; i < LETTERS.length(); i++) {
            if (letters.indexOf(LETTERS.charAt(i)) >= 0) {
                bits |= BITS[i];
            }
        }
        return new Flags(bits, keywords.names(letters));
    }

    /** The part of a name that says the flags. */
    static String info(Flags flags, KeywordLetters keywords) {
        StringBuilder info = new StringBuilder(":" + INFO);
        for (int i = 0; i < LETTERS.length(); i++) {
            // They are in the order of the alphabet, and P comes between F and R.
            if (LETTERS.charAt(i) == 'R' && flags.has(KeywordLetters.PASSED)) {
                info.append('P');
            }
            if (flags.has(BITS[i])) {
                info.append(LETTERS.charAt(i));
            }
        }
        return info.append(keywords.letters(flags)).toString();
    }
}
