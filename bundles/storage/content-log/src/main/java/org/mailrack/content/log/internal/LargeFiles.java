package org.mailrack.content.log.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/**
 * The files of large contents. Their numbers only grow, and are given when a content is committed, so that they tell the order of
 * commits. Thread-safe.
 */
final class LargeFiles {

    static final String FOLDER = "large";
    private static final String NUMBER = "[0-7][0-9a-f]{15}";
    private static final String PART = ".part";

    private final Disk disk;
    private final Ages ages = new Ages(System::nanoTime);
    /** Numbers whose record is not written yet: nobody can refer to them. */
    private final TreeSet<Long> underWay = new TreeSet<>();

    private long last;

    /** Deletes what was never finished, and goes on with a number above all that are used. */
    LargeFiles(Disk disk) throws IOException {
        this.disk = disk;
        for (String name : disk.list(FOLDER)) {
            if (unfinished(name)) {
                disk.delete(FOLDER + '/' + name);
            }
        }
        last = numbers().stream().mapToLong(Long::longValue).reduce(System.currentTimeMillis() << 16, Math::max);
        ages.note(last);
    }

    static String name(long number) {
        return FOLDER + '/' + String.format("%016x", number);
    }

    /** What a file is called until it is finished. */
    static String partName(long number) {
        return name(number) + PART;
    }

    static boolean unfinished(String name) {
        return name.endsWith(PART);
    }

    /** A number for an unfinished file. */
    synchronized long nextPart() {
        return ++last;
    }

    /** A number for a file that is finished and about to get its record. */
    synchronized long begin() {
        underWay.add(++last);
        return last;
    }

    /** The file has its record, or is gone. */
    synchronized void end(long number) {
        underWay.remove(number);
        ages.note(underWay.isEmpty() ? last : underWay.first() - 1);
    }

    /** The greatest number of those that had their records so long ago; -1 when there is none. */
    long settled(Duration age) {
        return ages.settled(age);
    }

    /** Those that are finished, in ascending order. */
    List<Long> numbers() throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> name.matches(NUMBER))
                .map(name -> Long.parseLong(name, 16))
                .sorted()
                .toList();
    }

    long size(long number) throws IOException {
        try (Disk.File file = disk.open(name(number))) {
            return file.size();
        }
    }
}
