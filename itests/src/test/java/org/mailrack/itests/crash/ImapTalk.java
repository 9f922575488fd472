package org.mailrack.itests.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.mailrack.itests.rack.Wire;

/** A conversation in IMAP, a command at a time. */
final class ImapTalk implements AutoCloseable {

    private static final Pattern MADE = Pattern.compile("\\[(?:APPENDUID \\d+|COPYUID \\d+ [\\d:,]+) ([\\d:,]+)]");
    private static final Pattern FETCH = Pattern.compile("\\* \\d+ FETCH \\(UID (\\d+) FLAGS \\(([^)]*)\\).*");

    private final Wire wire;
    private int tags;

    /** A message that was fetched with UID, flags and the field that names it. */
    record Fetched(long uid, Set<String> flags, String token) {}

    /**
     * The answer to a command.
     *
     * @param text of the tagged response, from OK, NO or BAD on
     * @param lines before it
     */
    record Answer(String text, List<String> lines) {

        boolean ok() {
            return text.startsWith("OK");
        }

        /** The UIDs that APPENDUID or COPYUID tells (RFC 4315), wherever they stand (RFC 6851 section 4.3). */
        List<Long> made() {
            List<String> all = new ArrayList<>(lines);
            all.add(text);
            for (String line : all) {
                Matcher code = MADE.matcher(line);
                if (code.find()) {
                    return uids(code.group(1));
                }
            }
            return List.of();
        }

        List<Fetched> fetched() {
            List<Fetched> all = new ArrayList<>();
            Matcher message = null;
            for (String line : lines) {
                Matcher begin = FETCH.matcher(line);
                if (begin.matches()) {
                    message = begin;
                } else if (message != null && LoadMail.named(line).isPresent()) {
                    all.add(new Fetched(
                            Long.parseLong(message.group(1)),
                            flags(message.group(2)),
                            LoadMail.named(line).get().token()));
                    message = null;
                }
            }
            return all;
        }
    }

    private ImapTalk(Wire wire) {
        this.wire = wire;
    }

    static ImapTalk connect(int port) throws IOException {
        Wire wire = Wire.connect(port);
        boolean greeted = false;
        try {
            LoadClient.line(wire);
            greeted = true;
            return new ImapTalk(wire);
        } finally {
            if (!greeted) {
                wire.close();
            }
        }
    }

    Answer command(String command) throws IOException {
        String tag = "t" + tags++;
        wire.raw(tag + ' ' + command + "\r\n");
        List<String> lines = new ArrayList<>();
        String line = LoadClient.line(wire);
        for (; !line.startsWith(tag + ' '); line = LoadClient.line(wire)) {
            lines.add(line);
        }
        return new Answer(line.substring(tag.length() + 1), lines);
    }

    void logout() throws IOException {
        wire.raw("z LOGOUT\r\n");
        while (wire.line() != null) {
            // Goodbye is what was asked for.
        }
    }

    /** UIDs as a set, runs shortened. */
    static String set(List<Long> uids) {
        StringBuilder set = new StringBuilder();
        for (int i = 0; i < uids.size(); ) {
            int last = i;
            while (last + 1 < uids.size() && uids.get(last + 1) == uids.get(last) + 1) {
                last++;
            }
            set.append(set.isEmpty() ? "" : ",").append(uids.get(i));
            if (last > i) {
                set.append(':').append(uids.get(last));
            }
            i = last + 1;
        }
        return set.toString();
    }

    private static List<Long> uids(String set) {
        List<Long> uids = new ArrayList<>();
        for (String range : set.split(",")) {
            String[] ends = range.split(":");
            for (long uid = Long.parseLong(ends[0]); uid <= Long.parseLong(ends[ends.length - 1]); uid++) {
                uids.add(uid);
            }
        }
        return uids;
    }

    static Set<String> flags(String list) {
        Set<String> flags = new TreeSet<>();
        for (String flag : list.split(" ")) {
            if (!flag.isEmpty() && !flag.equalsIgnoreCase("\\Recent")) {
                flags.add(flag);
            }
        }
        return flags;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
