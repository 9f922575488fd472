package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.mailrack.api.mailbox.MessageEnvelope.Address;

/**
 * Reads an address list of a header (RFC 5322 section 3.4) as it comes: obsolete routes, names in comments, missing quotes and
 * brackets. What is no address at all stays visible as a mailbox with an empty host; a host that is absent would mean a group.
 */
final class AddressFields {

    /** Addresses read of one field. */
    static final int MAX = 10_000;

    private final String text;
    private int at;
    private final List<Address> found = new ArrayList<>();
    private boolean group;
    private final StringBuilder phrase = new StringBuilder();
    private boolean space;
    private final Spec bare = new Spec();
    private Spec angle;
    private String comment;

    /** The text of an address, quotes and white space left out, and where its last at sign is. */
    private static final class Spec {
        private final StringBuilder text = new StringBuilder();
        private int atSign = -1;

        void plain(char c) {
            if (c == '@') {
                atSign = text.length();
            }
            text.append(c);
        }

        void clear() {
            text.setLength(0);
            atSign = -1;
        }

        Address address(Optional<String> name) {
            return atSign < 0
                    ? new Address(name, Optional.of(text.toString()), Optional.of(""))
                    : new Address(
                            name, Optional.of(text.substring(0, atSign)), Optional.of(text.substring(atSign + 1)));
        }
    }

    private AddressFields(String text) {
        this.text = text;
    }

    static List<Address> parse(String field) {
        return new AddressFields(field).parse();
    }

    private List<Address> parse() {
        while (at < text.length() && found.size() < MAX) {
            char c = text.charAt(at++);
            switch (c) {
                case ' ', '\t', '\r', '\n' -> space = true;
                case '(' -> comment = comment();
                case '"' -> quoted(bare, true);
                case '<' -> angle();
                case ',' -> flush();
                case ';' -> {
                    flush();
                    endGroup();
                }
                case ':' -> {
                    if (group || angle != null || bare.atSign >= 0) {
                        word(c);
                        bare.plain(c);
                    } else {
                        found.add(new Address(Optional.empty(), Optional.of(phrase.toString()), Optional.empty()));
                        group = true;
                        clear();
                    }
                }
                default -> {
                    word(c);
                    bare.plain(c);
                }
            }
        }
        flush();
        endGroup();
        return found;
    }

    private void word(char c) {
        if (space && phrase.length() > 0) {
            phrase.append(' ');
        }
        space = false;
        phrase.append(c);
    }

    private void quoted(Spec into, boolean name) {
        if (name && space && phrase.length() > 0) {
            phrase.append(' ');
        }
        space = false;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return;
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            into.text.append(c);
            if (name) {
                phrase.append(c);
            }
        }
    }

    private String comment() {
        StringBuilder inside = new StringBuilder();
        int depth = 1;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                inside.append(text.charAt(at++));
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                break;
            }
            inside.append(c);
        }
        return inside.toString().strip();
    }

    private void angle() {
        Spec spec = new Spec();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '>') {
                break;
            }
            switch (c) {
                case ' ', '\t', '\r', '\n' -> {}
                case '(' -> comment();
                case '"' -> quoted(spec, false);
                // The end of a route, <@relay,@relay2:user@host>.
                case ':' -> {
                    if (spec.text.length() > 0 && spec.text.charAt(0) == '@') {
                        spec.clear();
                    } else {
                        spec.plain(c);
                    }
                }
                default -> spec.plain(c);
            }
        }
        angle = spec;
    }

    /** Ends an address. */
    private void flush() {
        if (angle != null) {
            String name = phrase.length() > 0 ? phrase.toString() : comment;
            found.add(angle.address(Optional.ofNullable(name)));
        } else if (bare.atSign >= 0) {
            found.add(bare.address(Optional.ofNullable(comment)));
        } else if (phrase.length() > 0) {
            found.add(new Address(Optional.ofNullable(comment), Optional.of(phrase.toString()), Optional.of("")));
        }
        clear();
    }

    private void clear() {
        phrase.setLength(0);
        bare.clear();
        angle = null;
        comment = null;
        space = false;
    }

    private void endGroup() {
        if (group) {
            found.add(new Address(Optional.empty(), Optional.empty(), Optional.empty()));
            group = false;
        }
    }
}
