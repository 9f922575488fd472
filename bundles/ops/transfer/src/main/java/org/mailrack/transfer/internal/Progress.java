package org.mailrack.transfer.internal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator how a transfer gets on, and names what was passed over. Used by one thread. */
final class Progress {

    private static final Logger log = LoggerFactory.getLogger(Progress.class);

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream err;
    private final int maxReported;
    private final LongSupplier clock;

    private String folder = "";
    private long folderBegun;
    private long told;
    private long messages;
    private long problems;

    Progress(PrintStream err, int maxReported, LongSupplier clock) {
        this.err = err;
        this.maxReported = maxReported;
        this.clock = clock;
    }

    void begin(String name) {
        folder = printable(name);
        messages = 0;
        folderBegun = clock.getAsLong();
        told = folderBegun;
    }

    /** Some more messages of the folder are done. */
    void done(long count) {
        messages += count;
        long now = clock.getAsLong();
        if (now - told >= PAUSE) {
            told = now;
            err.printf(Locale.ROOT, "%s: %,d messages so far, %s%n", folder, messages, rate(now));
        }
    }

    /** The folder is done. */
    void end(String what) {
        err.printf(Locale.ROOT, "%s: %s, %s%n", folder, what, rate(clock.getAsLong()));
    }

    private String rate(long now) {
        double seconds = Math.max(1e-3, (now - folderBegun) / 1e9);
        return String.format(Locale.ROOT, "%,.0f/s", messages / seconds);
    }

    void skipped(String where, String why) {
        problem("passed over " + where + ": " + why);
    }

    /** Something is not as it should be; the command will not end well. */
    void problem(String what) {
        problems++;
        String line = printable(what);
        if (problems <= maxReported) {
            err.println(line);
            log.warn("transfer {}", line);
        } else if (problems == maxReported + 1L) {
            err.println("more problems are counted and not named (setting max.reported)");
        }
    }

    /** How many problems there were. */
    long problems() {
        return problems;
    }

    /** Something that the operator should know, and that is no problem. */
    void note(String what) {
        err.println(printable(what));
    }

    /** Without what would steer a terminal. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
