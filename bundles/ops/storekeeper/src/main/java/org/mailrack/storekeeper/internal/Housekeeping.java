package org.mailrack.storekeeper.internal;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;

/** Compacts from time to time. A run that could not be finished goes on in the next one. */
final class Housekeeping implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private final Compacting compacting;
    private final Duration minAge;
    private final long rate;
    private final int neededBelow;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "storekeeper");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
    });

    /** @param interval between the end of a run and the next; zero for none */
    Housekeeping(Compacting compacting, Duration interval, Duration minAge, long rate, int neededBelow) {
        this.compacting = compacting;
        this.minAge = minAge;
        this.rate = rate;
        this.neededBelow = neededBelow;
        timer.execute(() -> tried(compacting::claimWhatIsNew));
        if (!interval.isZero()) {
            long millis = interval.toMillis();
            timer.scheduleWithFixedDelay(() -> tried(this::run), millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void run() {
        compacting.run(minAge, rate, neededBelow);
    }

    private static void tried(Runnable task) {
        try {
            task.run();
        } catch (StoreException e) {
            log.info("store not compacted, tried again later reason=\"{}\"", e.getMessage());
        } catch (IllegalStateException e) {
            log.warn("store not compacted reason=\"{}\"", e.getMessage());
        } catch (RuntimeException e) {
            log.error("store not compacted, tried again later", e);
        }
    }

    /** Ends a run that is under way at its next step, and waits for that. */
    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("compaction does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
