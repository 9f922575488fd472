package org.mailrack.benchmarks.deliver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

import org.mailrack.benchmarks.Options;
import org.mailrack.benchmarks.Setup;
import org.mailrack.benchmarks.Sides;
import org.mailrack.benchmarks.measure.JsonLines;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.measure.Table;
import org.mailrack.benchmarks.side.Side;

/** Mails a second from SMTP to the mailbox, for each combination of sessions, sizes and numbers of mailboxes. */
public final class DeliverBenchmark {

    /** The code is warm after the first load; the next ones only have to find out how many mails take how long. */
    private static final int NEXT_WARM_UP = 5;

    private final List<Integer> sessions;
    private final List<Integer> sizes;
    private final List<Integer> mailboxes;
    private final int seconds;
    private final int messages;
    private final int rounds;
    private final int firstWarmUp;
    private final Setup setup;
    private final Meter meter;
    private final JsonLines results;

    public DeliverBenchmark(Options options) {
        sessions = options.numbers("sessions", "1,20,100");
        sizes = options.numbers("sizes", "4Ki,100Ki");
        mailboxes = options.numbers("mailboxes", "10,1000");
        seconds = options.number("seconds", 10);
        messages = options.number("messages", 0);
        rounds = options.number("rounds", 3);
        firstWarmUp = options.number("warm-up", 15);
        setup = new Setup(options);
        meter = new Meter(options.number("probe", 200), options.number("limit", 600));
        results = setup.results();
        options.rejectUnknown();
    }

    public void run() throws IOException {
        SmtpSource.require();
        try (Sides sides = setup.start(Setup.Peer.POSTFIX_DOVECOT, users())) {
            int warmUp = firstWarmUp;
            for (int boxes : mailboxes) {
                for (int octets : sizes) {
                    for (int parallel : sessions) {
                        compare(sides.all(), new Load(parallel, octets, boxes), warmUp);
                        warmUp = firstWarmUp / NEXT_WARM_UP;
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

    private void compare(List<Side> sides, Load load, int warmUp) throws IOException {
        Map<Side, List<Measured>> runs = new LinkedHashMap<>();
        Map<Side, Arrival> arrivals = new LinkedHashMap<>();
        Map<Side, Integer> wanted = new LinkedHashMap<>();
        try {
            for (Side side : sides) {
                Arrival arrival = new Arrival(side, load.users());
                arrivals.put(side, arrival);
                runs.put(side, new ArrayList<>());
                wanted.put(side, warmUp(side, arrival, load, warmUp));
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
    private int warmUp(Side side, Arrival arrival, Load load, int warmUp) throws IOException {
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
        Map<String, Object> values = run.values("deliver", side, load);
        values.put("round", round);
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
