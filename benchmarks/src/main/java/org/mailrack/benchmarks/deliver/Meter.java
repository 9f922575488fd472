package org.mailrack.benchmarks.deliver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.mailrack.benchmarks.measure.CpuMeter;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.side.Side;

/** Sends a load to a side, waits until it can be read, and measures both. */
final class Meter {

    /** What a server does for the mails after they can be read counts too. */
    private static final int SETTLE_MILLIS = 1000;

    private final CpuMeter cpu = new CpuMeter();
    private final int probeMillis;
    private final int limitSeconds;

    /** @param probeMillis between two mails of the probe; 0 for no probe */
    Meter(int probeMillis, int limitSeconds) {
        this.probeMillis = probeMillis;
        this.limitSeconds = limitSeconds;
    }

    Measured measure(Side side, Arrival arrival, Load load, int wanted) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
        int messages = load.each(wanted) * load.mailboxes();
        arrival.remember();
        Probe probe = probeMillis == 0 ? null : new Probe(side, probeMillis, load.octets(), deadline);
        long accepted;
        long readable;
        Usage before = usage(side);
        long start = System.nanoTime();
        try {
            SmtpSource.send(side.smtp(), load, wanted, deadline);
            accepted = System.nanoTime();
            arrival.await(load.each(wanted), deadline);
            readable = System.nanoTime();
        } finally {
            if (probe != null) {
                probe.close();
            }
        }
        settle();
        Usage after = usage(side);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Measured(
                messages,
                (accepted - start) / 1e9,
                (readable - start) / 1e9,
                after.side - before.side,
                Math.max(
                        0,
                        (after.others - before.others)
                                / seconds
                                / Runtime.getRuntime().availableProcessors()),
                probe == null ? Sample.of() : probe.accepted(),
                probe == null ? Sample.of() : probe.visible(),
                cpu.residentMiB(side.processes()),
                cpu.peakMiB(side.processes()));
    }

    /** @param others what neither the side nor this program with its clients has used */
    private record Usage(double side, double others) {}

    private Usage usage(Side side) {
        List<Long> roots = new ArrayList<>(side.processes());
        double used = cpu.seconds(roots);
        // The side may descend from this process, which is counted once.
        roots.add(ProcessHandle.current().pid());
        return new Usage(used, cpu.machineSeconds() - cpu.seconds(roots));
    }

    private static void settle() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
