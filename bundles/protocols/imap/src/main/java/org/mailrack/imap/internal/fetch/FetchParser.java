package org.mailrack.imap.internal.fetch;

import java.util.ArrayList;
import java.util.List;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.fetch.FetchItem.Kind;
import org.mailrack.imap.internal.fetch.FetchItem.Section;
import org.mailrack.imap.internal.fetch.FetchItem.Simple;

/** Reads the items of a FETCH. */
public final class FetchParser {

    private final Decoder in;
    private final int limit;
    private final List<FetchItem> items = new ArrayList<>();

    private FetchParser(Decoder in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** Reads one item, a macro, or a list of items; no list may have more than so many elements. */
    public static List<FetchItem> read(Decoder in, int limit) {
        FetchParser parser = new FetchParser(in, limit);
        parser.all();
        return List.copyOf(parser.items);
    }

    private void all() {
        if (in.take('(')) {
            while (in.take(' ')) {
                // forgiven
            }
            do {
                item();
                if (items.size() > limit) {
                    in.fail("More than " + limit + " items");
                }
            } while (!in.take(')') && spaced());
        } else if (!macro()) {
            item();
        }
    }

    private boolean spaced() {
        in.space();
        return !in.take(')');
    }

    private boolean macro() {
        boolean full = in.takeWord("FULL");
        boolean all = full || in.takeWord("ALL");
        if (!all && !in.takeWord("FAST")) {
            return false;
        }
        items.addAll(List.of(Simple.FLAGS, Simple.INTERNALDATE, Simple.SIZE));
        if (all) {
            items.add(Simple.ENVELOPE);
        }
        if (full) {
            items.add(Simple.BODY);
        }
        return true;
    }

    private void item() {
        if (in.takeWord("BODY.PEEK[")) {
            section(false);
        } else if (in.takeWord("BODY[")) {
            section(true);
        } else if (in.takeWord("RFC822.HEADER")) {
            items.add(whole("RFC822.HEADER", Kind.HEADER, false));
        } else if (in.takeWord("RFC822.TEXT")) {
            items.add(whole("RFC822.TEXT", Kind.TEXT, true));
        } else if (in.takeWord("RFC822.SIZE")) {
            items.add(Simple.SIZE);
        } else if (in.takeWord("RFC822")) {
            items.add(whole("RFC822", Kind.ALL, true));
        } else {
            items.add(
                    switch (in.keyword()) {
                        case "FLAGS" -> Simple.FLAGS;
                        case "UID" -> Simple.UID;
                        case "INTERNALDATE" -> Simple.INTERNALDATE;
                        case "ENVELOPE" -> Simple.ENVELOPE;
                        case "BODY" -> Simple.BODY;
                        case "BODYSTRUCTURE" -> Simple.BODYSTRUCTURE;
                        default -> throw in.fail("Unknown fetch item");
                    });
        }
    }

    private static Section whole(String label, Kind kind, boolean marksSeen) {
        return new Section(label, List.of(), kind, List.of(), -1, 0, marksSeen);
    }

    private void section(boolean marksSeen) {
        Encoder label = new Encoder().raw("BODY[");
        List<Integer> parts = new ArrayList<>();
        boolean dot = false;
        while (in.peek() >= '0' && in.peek() <= '9') {
            if (parts.size() == limit) {
                in.fail("Part number nested too deep");
            }
            int number = (int) in.number(Integer.MAX_VALUE);
            if (number == 0) {
                in.fail("Part numbers begin with 1");
            }
            label.raw(dot ? "." : "").number(number);
            parts.add(number);
            dot = in.take('.');
            if (!dot) {
                break;
            }
        }
        if (dot && in.peek() == ']') {
            in.fail("Part number or text expected");
        }
        Kind kind = Kind.ALL;
        List<String> names = new ArrayList<>();
        if (in.peek() != ']') {
            if (!parts.isEmpty() && !dot) {
                in.fail("'.' expected");
            }
            label.raw(dot ? "." : "");
            kind = kind(label, !parts.isEmpty());
            if (kind == Kind.FIELDS || kind == Kind.FIELDS_NOT) {
                names(label, names);
            }
        }
        in.expect(']');
        label.raw(']');
        long offset = -1;
        long count = 0;
        if (in.take('<')) {
            offset = in.number();
            in.expect('.');
            count = in.nonZero();
            in.expect('>');
        }
        items.add(new Section(label.toString(), parts, kind, names, offset, count, marksSeen));
    }

    private Kind kind(Encoder label, boolean inPart) {
        if (in.takeWord("HEADER.FIELDS.NOT")) {
            label.raw("HEADER.FIELDS.NOT");
            return Kind.FIELDS_NOT;
        }
        if (in.takeWord("HEADER.FIELDS")) {
            label.raw("HEADER.FIELDS");
            return Kind.FIELDS;
        }
        if (in.takeWord("HEADER")) {
            label.raw("HEADER");
            return Kind.HEADER;
        }
        if (in.takeWord("TEXT")) {
            label.raw("TEXT");
            return Kind.TEXT;
        }
        if (inPart && in.takeWord("MIME")) {
            label.raw("MIME");
            return Kind.MIME;
        }
        throw in.fail("Unknown section");
    }

    private void names(Encoder label, List<String> names) {
        in.space();
        in.expect('(');
        label.raw(" (");
        do {
            if (names.size() == limit) {
                in.fail("More than " + limit + " header names");
            }
            String name = in.astring();
            label.raw(names.isEmpty() ? "" : " ");
            if (name.matches("[A-Za-z0-9_.-]+")) {
                label.raw(name);
            } else {
                label.string(name);
            }
            names.add(name);
        } while (!in.take(')') && spaced());
        label.raw(')');
    }
}
