package org.mailrack.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import org.mailrack.benchmarks.measure.JsonLines;
import org.mailrack.benchmarks.side.Dovecot;
import org.mailrack.benchmarks.side.PostfixDovecot;
import org.mailrack.benchmarks.side.Rack;
import org.mailrack.benchmarks.side.Side;

/** What all benchmarks are told about the servers that they measure. */
public final class Setup {

    /** Servers that the rack is measured beside. */
    public enum Peer {
        POSTFIX_DOVECOT("Postfix with Dovecot", PostfixDovecot::missing),
        DOVECOT("Dovecot", Dovecot::missing);

        private final String title;
        private final Supplier<String> missing;

        Peer(String title, Supplier<String> missing) {
            this.title = title;
            this.missing = missing;
        }
    }

    private static final int RACK_PORTS = 25000;
    private static final int PEER_PORTS = 26000;

    private final boolean peer;
    private final boolean stock;
    private final boolean keep;
    private final boolean again;
    private final String format;
    private final String javaOptions;
    private final Path home = Path.of(System.getProperty("benchmarks.home"));
    private final Path data;
    private final Path rack;
    private final Path json;

    public Setup(Options options) {
        peer = !options.flag("alone");
        stock = options.flag("stock");
        again = options.flag("again");
        keep = options.flag("keep") || again;
        format = options.text("format", "sdbox");
        javaOptions = options.text("java-options", "");
        data = Path.of(options.text("data", home.resolve("target/data").toString()));
        rack = Path.of(options.text(
                "rack", home.resolve("../distribution/target/mailrack").toString()));
        json = Path.of(options.text("json", home.resolve("target/results.jsonl").toString()));
    }

    /** Starts the servers, makes the users and says what is measured. */
    public Sides start(Peer beside, List<String> users) throws IOException {
        return start(beside, users, "");
    }

    /**
     * As {@link #start(Peer, List)}.
     *
     * @param contents what the caller fills the mailboxes with; asked to measure again, he finds it there
     */
    public Sides start(Peer beside, List<String> users, String contents) throws IOException {
        String whole = contents.isEmpty() ? "" : beside.title + " " + format + " alone=" + !peer + " " + contents;
        Sides sides = new Sides(data, keep, again ? whole : "");
        return start(sides, beside, users);
    }

    private Sides start(Sides sides, Peer beside, List<String> users) throws IOException {
        boolean whole = false;
        try {
            sides.add(new Rack(rack, sides.folder("rack"), RACK_PORTS, javaOptions));
            String absent = peer ? beside.missing.get() : "asked to measure alone";
            if (absent.isEmpty()) {
                Path folder = sides.folder("peer");
                sides.add(
                        beside == Peer.DOVECOT
                                ? new Dovecot(folder, PEER_PORTS, format)
                                : new PostfixDovecot(folder, PEER_PORTS, format, stock));
            } else {
                System.out.println("*** " + beside.title + " is SKIPPED: " + absent + " ***");
            }
            for (Side side : sides.all()) {
                side.start();
                if (!sides.filled()) {
                    side.addUsers(users);
                }
            }
            sides.describe();
            whole = true;
            return sides;
        } finally {
            if (!whole) {
                sides.close();
            }
        }
    }

    public JsonLines results() {
        return new JsonLines(json);
    }
}
