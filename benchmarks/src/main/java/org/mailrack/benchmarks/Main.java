package org.mailrack.benchmarks;

import java.util.Arrays;

import org.mailrack.benchmarks.deliver.DeliverBenchmark;
import org.mailrack.benchmarks.deliver.FlatBenchmark;
import org.mailrack.benchmarks.deliver.MemoryBenchmark;
import org.mailrack.benchmarks.read.OpenBenchmark;
import org.mailrack.benchmarks.read.ReadBenchmark;

/** Starts the benchmark that the first argument names. */
public final class Main {

    private static final String USAGE =
            "usage: benchmarks/run deliver|flat|memory|open|read [--option value]..., see benchmarks/README.md";

    private Main() {}

    /** Exits with 2 for wrong use, and with 1 for a benchmark that could not be run. */
    public static void main(String[] args) throws Exception {
        try {
            if (args.length == 0) {
                throw new IllegalArgumentException(USAGE);
            }
            Options options = Options.parse(Arrays.asList(args).subList(1, args.length));
            switch (args[0]) {
                case "deliver" -> new DeliverBenchmark(options).run();
                case "flat" -> new FlatBenchmark(options).run();
                case "memory" -> new MemoryBenchmark(options).run();
                case "open" -> new OpenBenchmark(options).run();
                case "read" -> new ReadBenchmark(options).run();
                default -> throw new IllegalArgumentException(USAGE);
            }
        } catch (IllegalArgumentException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(2);
        }
        System.exit(0);
    }
}
