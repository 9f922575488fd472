package org.mailrack.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Processor time and memory of processes with all their descendants, from {@code /proc}. */
public final class CpuMeter {

    /** USER_HZ, which is 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private final Path proc;

    public CpuMeter() {
        this(Path.of("/proc"));
    }

    CpuMeter(Path proc) {
        this.proc = proc;
    }

    /** Seconds that these processes and their descendants, the ended ones included, have used so far. */
    public double seconds(Collection<Long> roots) {
        return tree(roots).stream().mapToLong(ProcessStat::ticks).sum() / TICKS_PER_SECOND;
    }

    /** Seconds that all processors of the machine were busy so far. */
    public double machineSeconds() {
        // cpu user nice system idle iowait irq softirq steal …; guests are in user already
        String[] fields =
                read(proc.resolve("stat")).lines().findFirst().orElseThrow().split(" +");
        long ticks = 0;
        for (int i = 1; i <= 8 && i < fields.length; i++) {
            if (i != 4 && i != 5) {
                ticks += Long.parseLong(fields[i]);
            }
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** MiB that are resident now, of all of them together; pages that they share count for each. */
    public double residentMiB(Collection<Long> roots) {
        return memory(roots, "VmRSS:");
    }

    /** MiB that were resident at the most. */
    public double peakMiB(Collection<Long> roots) {
        return memory(roots, "VmHWM:");
    }

    /** MiB that are resident now, where pages that processes share count in parts, so that the sum is what they take. */
    public double proportionalMiB(Collection<Long> roots) {
        long kib = 0;
        for (ProcessStat process : tree(roots)) {
            kib += field(readIfThere(proc.resolve(process.pid() + "/smaps_rollup")), "Pss:");
        }
        return kib / 1024.0;
    }

    private double memory(Collection<Long> roots, String field) {
        long kib = 0;
        for (ProcessStat process : tree(roots)) {
            kib += field(readIfThere(proc.resolve(process.pid() + "/status")), field);
        }
        return kib / 1024.0;
    }

    static long field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    private List<ProcessStat> tree(Collection<Long> roots) {
        Map<Long, ProcessStat> all = new HashMap<>();
        Map<Long, List<Long>> children = new HashMap<>();
        for (ProcessStat process : processes()) {
            all.put(process.pid(), process);
            children.computeIfAbsent(process.parent(), pid -> new ArrayList<>()).add(process.pid());
        }
        List<ProcessStat> tree = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            long pid = open.pop();
            if (all.containsKey(pid) && seen.add(pid)) {
                tree.add(all.get(pid));
                open.addAll(children.getOrDefault(pid, List.of()));
            }
        }
        return tree;
    }

    private List<ProcessStat> processes() {
        List<ProcessStat> processes = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path folder : folders) {
                String line = readIfThere(folder.resolve("stat"));
                if (!line.isEmpty()) {
                    processes.add(ProcessStat.parse(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return processes;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty when the process has ended meanwhile. */
    private static String readIfThere(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            // ESRCH, while it ends or before anybody has asked how it ended
            if (!Files.exists(file) || String.valueOf(e.getMessage()).endsWith("No such process")) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }
}
