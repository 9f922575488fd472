package org.mailrack.benchmarks.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.mailrack.benchmarks.Options;
import org.mailrack.benchmarks.Sides;
import org.mailrack.benchmarks.client.ImapClient;
import org.mailrack.benchmarks.client.Pop3Client;
import org.mailrack.benchmarks.measure.CpuMeter;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.measure.Table;
import org.mailrack.benchmarks.side.Side;

/** Messages a second of one client that downloads a mailbox: by IMAP with one FETCH, by POP3 with a RETR for each. */
public final class ReadBenchmark {

    private final int size;
    private final int rounds;
    private final Readers readers;
    private final CpuMeter cpu = new CpuMeter();

    public ReadBenchmark(Options options) {
        size = options.number("messages", 10_000);
        rounds = options.number("rounds", 3);
        readers = new Readers(options);
        options.rejectUnknown();
    }

    /** One download. */
    private record Run(double perSecond, double cpuPerThousand) {}

    @FunctionalInterface
    private interface Download {
        void from(Side side) throws IOException;
    }

    public void run() throws IOException {
        try (Sides sides = readers.start(List.of(size))) {
            compare(sides, "IMAP FETCH 1:* BODY.PEEK[]", this::fetch);
            compare(sides, "POP3 RETR", this::retrieve);
        }
    }

    private void compare(Sides sides, String what, Download download) throws IOException {
        Map<Side, List<Run>> runs = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Side side : sides.all()) {
                Run run = measure(side, download);
                // The first one warms up.
                if (round > 0) {
                    runs.computeIfAbsent(side, s -> new ArrayList<>()).add(run);
                }
            }
        }
        System.out.printf("%n%s of %,d messages; medians of %d runs%n", what, size, rounds);
        Table table = new Table("side", "messages/s", "slowest", "fastest", "CPU s/1000");
        List<Double> rates = new ArrayList<>();
        runs.forEach((side, all) -> {
            Sample rate = Sample.of(all.stream().map(Run::perSecond).toList());
            Sample cost = Sample.of(all.stream().map(Run::cpuPerThousand).toList());
            rates.add(rate.median());
            table.row(side.name(), rate.median(), rate.min(), rate.max(), cost.median());
        });
        System.out.print(table);
        if (rates.size() == 2) {
            System.out.printf("ratio: %.2f times the messages a second%n", rates.get(0) / rates.get(1));
        }
    }

    private Run measure(Side side, Download download) throws IOException {
        double before = cpu.seconds(side.processes());
        long begun = System.nanoTime();
        download.from(side);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Run(size / seconds, (cpu.seconds(side.processes()) - before) * 1000 / size);
    }

    private void fetch(Side side) throws IOException {
        try (ImapClient client = Readers.imap(side, size)) {
            client.run("SELECT INBOX");
            long octets = client.download("FETCH 1:* (BODY.PEEK[])");
            if (octets < size) {
                throw new IOException(side.name() + " gave " + octets + " octets");
            }
        }
    }

    private void retrieve(Side side) throws IOException {
        String user = Readers.user(size) + "@" + Side.DOMAIN;
        try (Pop3Client client = new Pop3Client(side.pop3(), user, Side.PASSWORD)) {
            if (client.messages() != size) {
                throw new IOException(side.name() + " has not all messages");
            }
            for (int i = 1; i <= size; i++) {
                client.retrieve(i);
            }
        }
    }
}
