package org.mailrack.benchmarks.deliver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

import org.mailrack.benchmarks.Options;
import org.mailrack.benchmarks.Sides;
import org.mailrack.benchmarks.measure.JsonLines;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.measure.Table;
import org.mailrack.benchmarks.side.PostfixDovecot;
import org.mailrack.benchmarks.side.Rack;
import org.mailrack.benchmarks.side.Side;

/** Mails a second from SMTP to the mailbox, for each combination of sessions, sizes and numbers of mailboxes. */
public final class DeliverBenchmark {

    private final List<Integer> sessions;
    private final List<Integer> sizes;
    private final List<Integer> mailboxes;
    private final int seconds;
    private final int messages;
    private final int rounds;
    private final int warmUp;
    private final int limit;
    private final boolean keep;
    private final boolean peer;
    private final String format;
    private final String javaOptions;
    private final Path home = Path.of(System.getProperty("benchmarks.home"));
    private final Path data;
    private final Path rack;
    private final Meter meter;
    private final JsonLines results;

    public DeliverBenchmark(Options options) {
        sessions = options.numbers("sessions", "1,20,100");
        sizes = options.numbers("sizes", "4Ki,100Ki");
        mailboxes = options.numbers("mailboxes", "10,1000");
        seconds = options.number("seconds", 10);
        messages = options.number("messages", 0);
        rounds = options.number("rounds", 3);
        warmUp = options.number("warm-up", 15);
        limit = options.number("limit", 600);
        keep = options.flag("keep");
        peer = !options.flag("alone");
        format = options.text("format", "sdbox");
        javaOptions = options.text("java-options", "");
        data = Path.of(options.text("data", home.resolve("target/data").toString()));
        rack = Path.of(options.text(
                "rack", home.resolve("../distribution/target/mailrack").toString()));
        meter = new Meter(options.number("probe", 200), limit);
        results = new JsonLines(Path.of(
                options.text("json", home.resolve("target/deliver.jsonl").toString())));
        options.rejectUnknown();
    }

    public void run() throws IOException {
        String absent = SmtpSource.missing();
        if (!absent.isEmpty()) {
            throw new IllegalArgumentException("deliver is SKIPPED: " + absent);
        }
        try (Sides sides = new Sides(data, keep)) {
            sides.add(new Rack(rack, sides.folder("rack"), 25000, javaOptions));
            absent = peer ? PostfixDovecot.missing() : "asked to measure alone";
            if (absent.isEmpty()) {
                sides.add(new PostfixDovecot(sides.folder("peer"), 26000, format));
            } else {
                System.out.println("*** Postfix with Dovecot is SKIPPED: " + absent + " ***");
            }
            for (Side side : sides.all()) {
                side.start();
                side.addUsers(users());
                System.out.println(side.name() + ": " + side.durability() + "; " + side.settings());
            }
            System.out.println(
                    "on " + sides.fileSystem() + ", " + Runtime.getRuntime().availableProcessors() + " processors");
            for (int boxes : mailboxes) {
                for (int octets : sizes) {
                    for (int parallel : sessions) {
                        compare(sides.all(), new Load(parallel, octets, boxes));
                    }
                }
            }
        }
    }

    private List<String> users() {
        TreeSet<String> users = new TreeSet<>(List.of(Probe.USER));
        for (int boxes : mailboxes) {
            users.addAll(new Load(1, 1, boxes).users());
        }
        return List.copyOf(users);
    }

    private void compare(List<Side> sides, Load load) throws IOException {
        Map<Side, List<Measured>> runs = new LinkedHashMap<>();
        Map<Side, Arrival> arrivals = new LinkedHashMap<>();
        Map<Side, Integer> wanted = new LinkedHashMap<>();
        try {
            for (Side side : sides) {
                Arrival arrival = new Arrival(side, load.users());
                arrivals.put(side, arrival);
                runs.put(side, new ArrayList<>());
                wanted.put(side, warmUp(side, arrival, load));
            }
            for (int round = 0; round < rounds; round++) {
                for (Side side : sides) {
                    Measured measured = meter.measure(side, arrivals.get(side), load, wanted.get(side));
                    runs.get(side).add(measured);
                    record(side, load, round, measured);
                }
            }
        } finally {
            for (Arrival arrival : arrivals.values()) {
                arrival.close();
            }
        }
        print(load, runs);
    }

    /** Sends until the time for that is over. Gives the number of messages that takes about as long as a run should. */
    private int warmUp(Side side, Arrival arrival, Load load) throws IOException {
        long end = System.nanoTime() + warmUp * 1_000_000_000L;
        int some = Math.max(load.mailboxes(), 100);
        double rate;
        do {
            Measured measured = meter.measure(side, arrival, load, some);
            rate = measured.readablePerSecond();
            some = (int) Math.max(some, rate * 2);
        } while (System.nanoTime() < end);
        return messages > 0 ? messages : (int) Math.max(load.mailboxes(), rate * seconds);
    }

    private void record(Side side, Load load, int round, Measured run) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("benchmark", "deliver");
        values.put("time", Instant.now().toString());
        values.put("side", side.name());
        values.put("fsync", side.durability());
        values.put("sessions", load.sessions());
        values.put("octets", load.octets());
        values.put("mailboxes", load.mailboxes());
        values.put("round", round);
        values.put("messages", run.messages());
        values.put("acceptedPerSecond", run.acceptedPerSecond());
        values.put("readablePerSecond", run.readablePerSecond());
        values.put("cpuSecondsPerThousand", run.cpuPerThousand());
        values.put("acceptedP50Millis", run.accepted().quantile(0.5));
        values.put("acceptedP99Millis", run.accepted().quantile(0.99));
        values.put("visibleP50Millis", run.visible().quantile(0.5));
        values.put("visibleP99Millis", run.visible().quantile(0.99));
        values.put("residentMiB", run.residentMiB());
        values.put("peakMiB", run.peakMiB());
        values.put("othersBusy", run.othersBusy());
        results.add(values);
    }

    private static void print(Load load, Map<Side, List<Measured>> runs) {
        System.out.printf(
                "%n%d sessions, %d octets, %d mailboxes; medians of %d runs%n",
                load.sessions(),
                load.octets(),
                load.mailboxes(),
                runs.values().iterator().next().size());
        Table table = new Table(
                "side",
                "mails",
                "accepted/s",
                "readable/s",
                "slowest",
                "fastest",
                "CPU s/1000",
                "250 p50 ms",
                "250 p99 ms",
                "seen p50 ms",
                "seen p99 ms",
                "RSS MiB",
                "peak MiB",
                "others busy");
        List<Double> rates = new ArrayList<>();
        List<Double> costs = new ArrayList<>();
        runs.forEach((side, measured) -> {
            Sample rate = of(measured, Measured::readablePerSecond);
            Sample cost = of(measured, Measured::cpuPerThousand);
            rates.add(rate.median());
            costs.add(cost.median());
            table.row(
                    side.name(),
                    measured.get(0).messages(),
                    of(measured, Measured::acceptedPerSecond).median(),
                    rate.median(),
                    rate.min(),
                    rate.max(),
                    cost.median(),
                    of(measured, run -> run.accepted().quantile(0.5)).median(),
                    of(measured, run -> run.accepted().quantile(0.99)).median(),
                    of(measured, run -> run.visible().quantile(0.5)).median(),
                    of(measured, run -> run.visible().quantile(0.99)).median(),
                    of(measured, Measured::residentMiB).median(),
                    of(measured, Measured::peakMiB).max(),
                    Math.round(of(measured, Measured::othersBusy).median() * 100) + "%");
        });
        System.out.print(table);
        if (rates.size() == 2) {
            System.out.printf(
                    "ratio: %.2f times the mails a second, %.2f times the CPU seconds per mail%n",
                    rates.get(0) / rates.get(1), costs.get(0) / costs.get(1));
        }
    }

    private static Sample of(List<Measured> runs, ToDoubleFunction<Measured> value) {
        return Sample.of(runs.stream().mapToDouble(value).toArray());
    }
}
