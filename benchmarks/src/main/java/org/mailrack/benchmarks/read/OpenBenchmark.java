package org.mailrack.benchmarks.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.mailrack.benchmarks.Options;
import org.mailrack.benchmarks.Sides;
import org.mailrack.benchmarks.client.ImapClient;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.measure.Table;
import org.mailrack.benchmarks.side.Side;

/** Milliseconds for SELECT, STATUS and FETCH of all flags, the first time after a start of the server and again. */
public final class OpenBenchmark {

    private static final String STATUS = "STATUS INBOX (MESSAGES UNSEEN UIDNEXT)";
    private static final String FETCH = "FETCH 1:* (UID FLAGS)";

    private final List<Integer> sizes;
    private final int rounds;
    private final int times;
    private final boolean cold;
    private final Readers readers;

    public OpenBenchmark(Options options) {
        sizes = options.numbers("messages", "1k,10k");
        rounds = options.number("rounds", 3);
        times = options.number("times", 50);
        cold = options.flag("drop-caches");
        readers = new Readers(options);
        options.rejectUnknown();
    }

    /** What one side needed, by the name of the command. */
    private static final class Results extends LinkedHashMap<String, List<Double>> {
        private static final long serialVersionUID = 1L;

        private void time(String what, ImapClient client, String command) throws IOException {
            long begun = System.nanoTime();
            client.download(command);
            double millis = (System.nanoTime() - begun) / 1e6;
            computeIfAbsent(what, w -> new ArrayList<>()).add(millis);
        }
    }

    public void run() throws IOException {
        try (Sides sides = readers.start(sizes)) {
            for (int size : sizes) {
                Map<Side, Results> results = new LinkedHashMap<>();
                for (int round = 0; round < rounds; round++) {
                    for (Side side : sides.all()) {
                        measure(side, size, results.computeIfAbsent(side, s -> new Results()));
                    }
                }
                print(size, results);
            }
        }
    }

    private void measure(Side side, int size, Results results) throws IOException {
        side.stop();
        if (cold) {
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3\n");
        }
        side.start();
        try (ImapClient client = Readers.imap(side, size)) {
            results.time("SELECT after a start", client, "SELECT INBOX");
            results.time("FETCH after a start", client, FETCH);
        }
        try (ImapClient client = Readers.imap(side, size)) {
            for (int i = 0; i < times; i++) {
                results.time("STATUS again", client, STATUS);
            }
            for (int i = 0; i < times; i++) {
                results.time("SELECT again", client, "SELECT INBOX");
            }
            for (int i = 0; i < Math.max(3, times / 10); i++) {
                results.time("FETCH again", client, FETCH);
            }
        }
    }

    private static void print(int size, Map<Side, Results> results) {
        System.out.printf("%n%,d messages; milliseconds%n", size);
        Table table = new Table("command", "side", "times", "p50", "p99");
        Results any = results.values().iterator().next();
        StringBuilder ratios = new StringBuilder();
        for (String command : any.keySet()) {
            double[] medians = new double[2];
            int at = 0;
            for (Map.Entry<Side, Results> of : results.entrySet()) {
                Sample sample = Sample.of(of.getValue().get(command));
                medians[at++] = sample.median();
                table.row(command, of.getKey().name(), sample.size(), sample.median(), sample.quantile(0.99));
            }
            if (at == 2) {
                ratios.append(
                        String.format("ratio: %s in %.2f times the peer's time%n", command, medians[0] / medians[1]));
            }
        }
        System.out.print(table);
        System.out.print(ratios);
    }
}
