package org.mailrack.benchmarks.deliver;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.mailrack.benchmarks.measure.CpuMeter;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.side.Side;

/** Looks at a server's memory now and then. */
final class MemoryWatch implements AutoCloseable {

    private static final int PAUSE_MILLIS = 250;

    private final List<Double> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;

    /** Begins at once. */
    MemoryWatch(CpuMeter memory, Side side) {
        thread = new Thread(
                () -> {
                    while (!stopping) {
                        seen.add(memory.proportionalMiB(side.processes()));
                        try {
                            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                "memory watch");
        thread.start();
    }

    /** What was seen, in MiB. */
    Sample stop() throws InterruptedIOException {
        close();
        return Sample.of(seen);
    }

    @Override
    public void close() throws InterruptedIOException {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
