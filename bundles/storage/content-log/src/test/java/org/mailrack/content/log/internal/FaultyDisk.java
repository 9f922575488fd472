package org.mailrack.content.log.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A disk in memory that fails when told, and that after a power cut knows only what was forced, and perhaps some more. */
final class FaultyDisk implements Disk {

    /** What is left of names that were changed and octets that were written but not forced when the power is cut. */
    enum Unforced {
        LOST,
        /** The file system has written its own down and nothing of what is in the files. */
        NAMES,
        KEPT,
        /** Some sectors, in no order, and the names or not. */
        TORN
    }

    /** What changes a disk. */
    enum Step {
        CREATE,
        WRITE,
        FORCE,
        TRUNCATE,
        RENAME,
        DELETE,
        FORCE_FOLDER
    }

    private static final int SECTOR = 64;

    private static final class Node {
        byte[] octets = {};
        byte[] forced = {};

        Node copy() {
            Node copy = new Node();
            copy.octets = octets.clone();
            copy.forced = forced.clone();
            return copy;
        }
    }

    private final Map<String, Node> names = new HashMap<>();
    private final Map<String, Node> forcedNames = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private int failFrom = Integer.MAX_VALUE;
    private int failures;
    private boolean powerCut;
    private String failure;
    int forces;
    /** Octets that were read of files. */
    long read;

    long free = Long.MAX_VALUE;

    /** Makes some steps fail, that one and those after it; a failing write leaves half of its octets. */
    synchronized void failFrom(int step, int count, String message) {
        failFrom = step;
        failures = count;
        failure = message;
    }

    /** Fails from that step on for ever. */
    synchronized void cutPowerAt(int step) {
        failFrom(step, Integer.MAX_VALUE, "power cut");
        powerCut = true;
    }

    synchronized int steps() {
        return steps.size();
    }

    /** What was done to it last, or tried. */
    synchronized Step lastStep() {
        return steps.get(steps.size() - 1);
    }

    /** The disk as the next process finds it. */
    synchronized FaultyDisk afterPowerCut(Unforced mode, long seed) {
        Random random = new Random(seed);
        FaultyDisk next = new FaultyDisk();
        boolean newNames =
                switch (mode) {
                    case LOST -> false;
                    case NAMES, KEPT -> true;
                    case TORN -> random.nextBoolean();
                };
        Map<String, Node> seen = newNames ? names : forcedNames;
        seen.forEach((name, node) -> {
            Node copy = new Node();
            copy.octets = switch (mode) {
                case LOST, NAMES -> node.forced.clone();
                case KEPT -> node.octets.clone();
                case TORN -> torn(node, random);
            };
            copy.forced = copy.octets.clone();
            next.names.put(name, copy);
            next.forcedNames.put(name, copy);
        });
        return next;
    }

    /** The disk as the next process finds it when only the process died: all is there, and no more of it is forced than was. */
    synchronized FaultyDisk afterKill() {
        FaultyDisk next = new FaultyDisk();
        Map<Node, Node> copies = new IdentityHashMap<>();
        names.forEach((name, node) -> next.names.put(name, copies.computeIfAbsent(node, Node::copy)));
        forcedNames.forEach((name, node) -> next.forcedNames.put(name, copies.computeIfAbsent(node, Node::copy)));
        return next;
    }

    private static byte[] torn(Node node, Random random) {
        int size = node.forced.length;
        if (node.octets.length > size) {
            size += random.nextInt(node.octets.length - size + 1);
        }
        byte[] result = Arrays.copyOf(node.forced, size);
        for (int at = 0; at < size; at += SECTOR) {
            if (random.nextBoolean() && at < node.octets.length) {
                System.arraycopy(
                        node.octets, at, result, at, Math.min(SECTOR, Math.min(size, node.octets.length) - at));
            }
        }
        return result;
    }

    /** Changes an octet behind the log's back. */
    synchronized void damage(String name, int position) {
        Node node = names.get(name);
        node.octets[position] ^= 0x55;
        node.forced[position] ^= 0x55;
    }

    synchronized void overwrite(String name, int position, byte[] octets) {
        System.arraycopy(octets, 0, names.get(name).octets, position, octets.length);
        names.get(name).forced = names.get(name).octets.clone();
    }

    synchronized int size(String name) {
        return names.get(name).octets.length;
    }

    synchronized byte[] octets(String name) {
        return names.get(name).octets.clone();
    }

    private void step(Step step) throws IOException {
        if (failsAt(step)) {
            throw new IOException(failure);
        }
    }

    private boolean failsAt(Step step) {
        steps.add(step);
        return steps.size() >= failFrom && (powerCut || steps.size() - failFrom < failures);
    }

    @Override
    public synchronized List<String> list(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + '/';
        return names.keySet().stream()
                .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0)
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    @Override
    public synchronized Disk.File open(String name) throws IOException {
        Node node = names.get(name);
        if (node == null) {
            throw new FileNotFoundException(name);
        }
        return new Opened(node);
    }

    @Override
    public synchronized Disk.File create(String name) throws IOException {
        step(Step.CREATE);
        Node node = names.computeIfAbsent(name, key -> new Node());
        node.octets = new byte[0];
        return new Opened(node);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        step(Step.RENAME);
        names.put(to, names.remove(from));
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        step(Step.DELETE);
        names.remove(name);
    }

    @Override
    public synchronized void forceFolder(String folder) throws IOException {
        step(Step.FORCE_FOLDER);
        String prefix = folder.isEmpty() ? "" : folder + '/';
        forcedNames.keySet().removeIf(name -> inFolder(name, prefix));
        names.forEach((name, node) -> {
            if (inFolder(name, prefix)) {
                forcedNames.put(name, node);
            }
        });
    }

    private static boolean inFolder(String name, String prefix) {
        return name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0;
    }

    @Override
    public long usableSpace() {
        return free;
    }

    @Override
    public void lock() {}

    @Override
    public String describe(String name) {
        return name;
    }

    @Override
    public void close() {}

    private final class Opened implements Disk.File {

        private final Node node;

        Opened(Node node) {
            this.node = node;
        }

        @Override
        public long size() {
            synchronized (FaultyDisk.this) {
                return node.octets.length;
            }
        }

        @Override
        public void write(long position, ByteBuffer... data) throws IOException {
            synchronized (FaultyDisk.this) {
                boolean fails = failsAt(Step.WRITE);
                int total = Arrays.stream(data).mapToInt(ByteBuffer::remaining).sum();
                int left = fails ? total / 2 : total;
                if (node.octets.length < position + left) {
                    node.octets = Arrays.copyOf(node.octets, (int) position + left);
                }
                int at = (int) position;
                for (ByteBuffer some : data) {
                    int count = Math.min(left, some.remaining());
                    some.get(node.octets, at, count);
                    at += count;
                    left -= count;
                }
                if (fails) {
                    throw new IOException(failure);
                }
            }
        }

        @Override
        public int read(long position, ByteBuffer into) {
            synchronized (FaultyDisk.this) {
                if (position >= node.octets.length) {
                    return -1;
                }
                int count = Math.min(into.remaining(), node.octets.length - (int) position);
                into.put(node.octets, (int) position, count);
                read += count;
                return count;
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (FaultyDisk.this) {
                forces++;
                step(Step.FORCE);
                node.forced = node.octets.clone();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FaultyDisk.this) {
                step(Step.TRUNCATE);
                node.octets = Arrays.copyOf(node.octets, (int) Math.min(size, node.octets.length));
            }
        }

        @Override
        public void close() {}
    }
}
