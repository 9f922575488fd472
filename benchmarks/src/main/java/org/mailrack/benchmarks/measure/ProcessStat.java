package org.mailrack.benchmarks.measure;

/**
 * One line of {@code /proc/PID/stat} (proc(5)). The time of children is of those that ended and were waited for, so that the
 * sum over a tree of processes loses nothing when one ends.
 */
public record ProcessStat(long pid, long parent, long ownTicks, long endedChildrenTicks) {

    /** The name in brackets may hold anything, brackets and blanks too. */
    public static ProcessStat parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 1 || close < open) {
            throw new IllegalArgumentException("not a process state: " + line);
        }
        long pid = Long.parseLong(line.substring(0, open).strip());
        // From the third field on: state ppid … utime stime cutime cstime are 14 to 17.
        String[] fields = line.substring(close + 1).strip().split(" ");
        if (fields.length < 15) {
            throw new IllegalArgumentException("not a process state: " + line);
        }
        return new ProcessStat(
                pid,
                Long.parseLong(fields[1]),
                Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
    }

    public long ticks() {
        return ownTicks + endedChildrenTicks;
    }
}
