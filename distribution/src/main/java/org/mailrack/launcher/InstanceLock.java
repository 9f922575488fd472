package org.mailrack.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Holds an instance for one server. The lock, which the system drops with the process, says whether a server runs; the file with
 * the process id and its start says which process that is. So an id that the system gave to another process is never signalled.
 */
final class InstanceLock implements AutoCloseable {

    /** A passing look at the lock by {@code status} may stand in the way for a moment. */
    private static final int ATTEMPTS = 20;

    private static final long PAUSE_MILLIS = 50;

    private final Instance instance;
    private final FileChannel channel;

    private InstanceLock(Instance instance, FileChannel channel) {
        this.instance = instance;
        this.channel = channel;
    }

    /** Takes the instance, or says that it is taken. */
    static InstanceLock take(Instance instance) {
        Path file = instance.lockFile();
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            if (!lock(channel)) {
                channel.close();
                throw LauncherException.failed("a server is running on " + instance.base() + " already"
                        + running(instance)
                                .map(p -> " (process " + p.pid() + ")")
                                .orElse(""));
            }
            InstanceLock lock = new InstanceLock(instance, channel);
            Instant started = ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);
            Files.writeString(instance.pidFile(), ProcessHandle.current().pid() + "\n" + started.toEpochMilli() + "\n");
            return lock;
        } catch (IOException e) {
            throw LauncherException.failed("cannot write to " + instance.data() + ": " + Instance.reason(e));
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                if (channel.tryLock() != null) {
                    return true;
                }
            } catch (OverlappingFileLockException e) {
                return false;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    /** Whether a server holds the instance. */
    static boolean held(Instance instance) {
        try (FileChannel channel = FileChannel.open(instance.lockFile(), StandardOpenOption.READ)) {
            FileLock look = channel.tryLock(0, Long.MAX_VALUE, true);
            return look == null;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw LauncherException.failed("cannot look at " + instance.lockFile() + ": " + Instance.reason(e));
        }
    }

    /** The process that the pid file names, if it is the one that wrote it. */
    static Optional<ProcessHandle> running(Instance instance) {
        try {
            List<String> lines = Files.readAllLines(instance.pidFile());
            if (lines.size() < 2) {
                return Optional.empty();
            }
            long started = Long.parseLong(lines.get(1).strip());
            return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                    .filter(p -> p.info().startInstant().orElse(Instant.EPOCH).toEpochMilli() == started);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(instance.pidFile());
            channel.close();
        } catch (IOException e) {
            System.err.println("mailrack: cannot give " + instance.lockFile() + " back: " + Instance.reason(e));
        }
    }
}
