package org.mailrack.itests.crash;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Counts what clients were answered, by command and answer, and lets others wait for a number of positive ones. */
final class Answers {

    private static final String YES = " yes";

    private final Map<String, Integer> counts = new TreeMap<>();
    private int positive;

    /** A command has taken effect. */
    synchronized void yes(String command) {
        counts.merge(command + YES, 1, Integer::sum);
        positive++;
        notifyAll();
    }

    /** A command was refused in these words. */
    synchronized void no(String command, String answer) {
        counts.merge(command + ' ' + answer, 1, Integer::sum);
        notifyAll();
    }

    /** The refusals, each with its command, that there were. */
    synchronized Set<String> refused() {
        return counts.keySet().stream().filter(answer -> !answer.endsWith(YES)).collect(Collectors.toSet());
    }

    /** How many answers there were of that begin. */
    synchronized int count(String begin) {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().startsWith(begin))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Waits until so many answers were positive, or for so long. */
    synchronized void await(int wanted, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (long left = end - System.nanoTime(); positive < wanted && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    @Override
    public synchronized String toString() {
        return counts.toString();
    }
}
