package org.mailrack.benchmarks.deliver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.mailrack.benchmarks.Options;
import org.mailrack.benchmarks.Setup;
import org.mailrack.benchmarks.Sides;
import org.mailrack.benchmarks.client.ImapClient;
import org.mailrack.benchmarks.measure.CpuMeter;
import org.mailrack.benchmarks.measure.JsonLines;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.measure.Table;
import org.mailrack.benchmarks.side.Side;

/** Memory while many mailboxes receive, and some of them are open in clients that are told of each mail (IMAP IDLE). */
public final class MemoryBenchmark {

    private final int open;
    private final int messages;
    private final Load load;
    private final Setup setup;
    private final Meter meter;
    private final CpuMeter memory = new CpuMeter();
    private final JsonLines results;

    public MemoryBenchmark(Options options) {
        load = new Load(
                options.number("sessions", 20), options.number("octets", 4096), options.number("mailboxes", 1000));
        open = options.number("open", 200);
        messages = options.number("messages", 50_000);
        setup = new Setup(options);
        meter = new Meter(0, options.number("limit", 3600));
        results = setup.results();
        options.rejectUnknown();
        if (load.mailboxes() <= Load.FEW || open > load.mailboxes()) {
            throw new IllegalArgumentException(
                    "--mailboxes must be more than " + Load.FEW + " and not less than --open");
        }
    }

    public void run() throws IOException {
        SmtpSource.require();
        try (Sides sides = setup.start(Setup.Peer.POSTFIX_DOVECOT, load.users())) {
            System.out.printf(
                    "%n%,d mails of %d octets to %d mailboxes, %d sessions, %d mailboxes open with IDLE%n",
                    load.each(messages) * load.mailboxes(), load.octets(), load.mailboxes(), load.sessions(), open);
            Table table = new Table(
                    "side",
                    "started MiB",
                    "opened MiB",
                    "median MiB",
                    "most MiB",
                    "after MiB",
                    "peak RSS MiB",
                    "readable/s",
                    "others busy");
            List<Double> most = new ArrayList<>();
            for (Side side : sides.all()) {
                most.add(measure(side, table));
            }
            System.out.print(table);
            System.out.println("memory that is shared between processes is counted once, but for the peak");
            if (most.size() == 2) {
                System.out.printf("ratio: %.2f times the memory%n", most.get(0) / most.get(1));
            }
        }
    }

    private double measure(Side side, Table table) throws IOException {
        double started = memory.proportionalMiB(side.processes());
        List<ImapClient> clients = new ArrayList<>();
        try (Arrival arrival = new Arrival(side, load.users())) {
            List<Integer> before = new ArrayList<>();
            for (String user : load.users().subList(0, open)) {
                ImapClient client = new ImapClient(side.imap(), user + "@" + Side.DOMAIN, Side.PASSWORD);
                clients.add(client);
                before.add(client.messages("INBOX"));
                client.run("SELECT INBOX");
                client.idle();
            }
            double opened = memory.proportionalMiB(side.processes());
            Measured measured;
            Sample during;
            try (MemoryWatch watch = new MemoryWatch(memory, side)) {
                measured = meter.measure(side, arrival, load, messages);
                during = watch.stop();
            }
            double after = memory.proportionalMiB(side.processes());
            for (int i = 0; i < open; i++) {
                int told = clients.get(i).done();
                int expected = before.get(i) + load.each(messages);
                if (told != expected) {
                    throw new IOException(side.name() + " told a client of " + told + " messages and not " + expected);
                }
            }
            double most = Math.max(during.max(), Math.max(opened, after));
            table.row(
                    side.name(),
                    started,
                    opened,
                    during.median(),
                    most,
                    after,
                    measured.peakMiB(),
                    measured.readablePerSecond(),
                    Math.round(measured.othersBusy() * 100) + "%");
            Map<String, Object> values = measured.values("memory", side, load);
            values.put("open", open);
            values.put("startedMiB", started);
            values.put("openedMiB", opened);
            values.put("mostMiB", most);
            results.add(values);
            return most;
        } finally {
            for (ImapClient client : clients) {
                client.close();
            }
        }
    }
}
