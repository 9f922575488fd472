package org.mailrack.benchmarks.deliver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.mailrack.benchmarks.Options;
import org.mailrack.benchmarks.Setup;
import org.mailrack.benchmarks.Sides;
import org.mailrack.benchmarks.measure.JsonLines;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.measure.Table;
import org.mailrack.benchmarks.side.Side;

/**
 * Whether a delivery costs the same however much mail is there: many mails in ten parts, one after the other, and then many to one
 * mailbox with a look at the others before, meanwhile and after.
 */
public final class FlatBenchmark {

    private static final int PARTS = 10;

    private final int messages;
    private final int one;
    private final Load load;
    private final int warmUp;
    private final int rounds;
    private final Setup setup;
    private final Meter meter;
    private final JsonLines results;

    public FlatBenchmark(Options options) {
        load = new Load(
                options.number("sessions", 20), options.number("octets", 4096), options.number("mailboxes", 1000));
        messages = options.number("messages", 100_000);
        one = options.number("one", 10_000);
        warmUp = options.number("warm-up", 20_000);
        rounds = options.number("rounds", 3);
        setup = new Setup(options);
        meter = new Meter(options.number("probe", 200), options.number("limit", 3600));
        results = setup.results();
        options.rejectUnknown();
        if (load.mailboxes() <= Load.FEW) {
            throw new IllegalArgumentException("--mailboxes must be more than " + Load.FEW);
        }
    }

    public void run() throws IOException {
        SmtpSource.require();
        List<String> users = new ArrayList<>(load.users());
        users.add(Probe.USER);
        try (Sides sides = setup.start(Setup.Peer.POSTFIX_DOVECOT, users)) {
            for (Side side : sides.all()) {
                try (Arrival arrival = new Arrival(side, load.users())) {
                    meter.measure(side, arrival, load, warmUp);
                    parts(side, arrival);
                    one(side, arrival);
                }
            }
        }
    }

    private void parts(Side side, Arrival arrival) throws IOException {
        System.out.printf(
                "%n%s: %,d mails of %d octets to %d mailboxes, %d sessions, in parts after %,d others%n",
                side.name(), messages, load.octets(), load.mailboxes(), load.sessions(), warmUp);
        Table table = table("mails before");
        List<Double> rates = new ArrayList<>();
        List<Double> costs = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            Measured measured = meter.measure(side, arrival, load, messages / PARTS);
            row(table, (long) part * measured.messages(), measured);
            record(side, "part " + part, measured);
            rates.add(measured.readablePerSecond());
            costs.add(measured.cpuPerThousand());
        }
        System.out.print(table);
        System.out.printf(
                "last part beside the first: %.2f times the mails a second, %.2f times the CPU seconds per mail; "
                        + "slowest %.2f, dearest %.2f times the median%n",
                rates.get(PARTS - 1) / rates.get(0),
                costs.get(PARTS - 1) / costs.get(0),
                Sample.of(rates).min() / Sample.of(rates).median(),
                Sample.of(costs).max() / Sample.of(costs).median());
    }

    /** The probe is not in the mailbox that gets so much, so it tells what the others see. */
    private void one(Side side, Arrival all) throws IOException {
        System.out.printf(
                "%n%s: %,d mails to one mailbox, and the other %d before and after; medians of %d runs%n",
                side.name(), one, load.mailboxes() - 1, rounds);
        Table table = table("to");
        int few = Math.max(load.mailboxes(), one / 2);
        double before = others(side, all, few, table, "all, before");
        try (Arrival single = new Arrival(side, new Load(1, 1, 1).users())) {
            Load toOne = new Load(load.sessions(), load.octets(), 1);
            Measured measured = meter.measure(side, single, toOne, one);
            row(table, "one", measured);
            record(side, "one", measured);
        }
        double after = others(side, all, few, table, "all, after");
        System.out.print(table);
        System.out.printf("after beside before: %.2f times the mails a second%n", after / before);
    }

    private double others(Side side, Arrival all, int count, Table table, String name) throws IOException {
        List<Measured> runs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Measured measured = meter.measure(side, all, load, count);
            record(side, name, measured);
            runs.add(measured);
        }
        runs.sort((a, b) -> Double.compare(a.readablePerSecond(), b.readablePerSecond()));
        Measured median = runs.get(rounds / 2);
        row(table, name, median);
        return median.readablePerSecond();
    }

    private static Table table(String first) {
        return new Table(
                first,
                "accepted/s",
                "readable/s",
                "CPU s/1000",
                "250 p50 ms",
                "250 p99 ms",
                "seen p50 ms",
                "seen p99 ms",
                "RSS MiB",
                "others busy");
    }

    private static void row(Table table, Object first, Measured run) {
        table.row(
                first,
                run.acceptedPerSecond(),
                run.readablePerSecond(),
                run.cpuPerThousand(),
                run.accepted().quantile(0.5),
                run.accepted().quantile(0.99),
                run.visible().quantile(0.5),
                run.visible().quantile(0.99),
                run.residentMiB(),
                Math.round(run.othersBusy() * 100) + "%");
    }

    private void record(Side side, String part, Measured run) throws IOException {
        Map<String, Object> values = run.values("flat", side, load);
        values.put("part", part);
        results.add(values);
    }
}
