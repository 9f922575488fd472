package org.mailrack.transfer.internal.mbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.mailrack.api.mailbox.Flags;

/** The fields in which mail programs keep what an mbox file has no other place for. They are no part of a message. */
final class OwnFields {

    private static final Set<String> NAMES =
            Set.of("status", "x-status", "x-keywords", "x-uid", "x-imap", "x-imapbase", "content-length");
    private static final int MAX = 8192;

    private final StringBuilder status = new StringBuilder();
    private final StringBuilder keywords = new StringBuilder();
    private StringBuilder current;
    private boolean any;
    private boolean folderData;

    static boolean are(String fieldName) {
        return NAMES.contains(fieldName.toLowerCase(Locale.ROOT));
    }

    /** Takes one of these fields, its first line. */
    void begin(String fieldName, String line) {
        String name = fieldName.toLowerCase(Locale.ROOT);
        any = true;
        current = switch (name) {
            case "status", "x-status" -> status;
            case "x-keywords" -> keywords;
            default -> null;
        };
        folderData |= name.equals("x-imap");
        add(line.substring(line.indexOf(':') + 1));
    }

    /** Takes a further line of the field. */
    void add(String text) {
        if (current != null && current.length() + text.length() < MAX) {
            current.append(' ').append(text);
        }
    }

    /** Whether there were any of them. */
    boolean any() {
        return any;
    }

    /** Whether the message is none, but where UW IMAP keeps the folder's own data. */
    boolean folderData() {
        return folderData;
    }

    /** The flags as Dovecot, UW IMAP and mutt write them: R seen, A answered, F flagged, T draft, D deleted; O is not recent. */
    Flags flags() {
        int bits = 0;
        for (int i = 0; i < status.length(); i++) {
            bits |= switch (status.charAt(i)) {
                case 'R' -> Flags.SEEN;
                case 'A' -> Flags.ANSWERED;
                case 'F' -> Flags.FLAGGED;
                case 'T' -> Flags.DRAFT;
                case 'D' -> Flags.DELETED;
                default -> 0;
            };
        }
        List<String> words = new ArrayList<>();
        for (String word : keywords.toString().split("\\s+")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return bits == 0 && words.isEmpty() ? Flags.NONE : new Flags(bits, words);
    }

    /** The value of {@code Status}: everything is old, because a mailbox of ours remembers itself what was told. */
    static String status(Flags flags) {
        return flags.has(Flags.SEEN) ? "RO" : "O";
    }

    /** The value of {@code X-Status}; may be empty. */
    static String moreStatus(Flags flags) {
        return (flags.has(Flags.ANSWERED) ? "A" : "")
                + (flags.has(Flags.FLAGGED) ? "F" : "")
                + (flags.has(Flags.DRAFT) ? "T" : "")
                + (flags.has(Flags.DELETED) ? "D" : "");
    }
}
