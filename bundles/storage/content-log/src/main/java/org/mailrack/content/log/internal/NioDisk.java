package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of the real file system. What it makes can be read by its owner only. */
final class NioDisk implements Disk {

    private static final String LOCK = "lock";
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path folder;
    private FileChannel lock;

    NioDisk(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("large"), mode("rwx------"));
    }

    @Override
    public List<String> list(String sub) throws IOException {
        Path at = folder.resolve(sub);
        if (!Files.isDirectory(at)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(at)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    @Override
    public Disk.File open(String name) throws IOException {
        FileChannel channel;
        try {
            channel = open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            // What lies on a disk that has become read-only can be read all the same.
            channel = open(name, StandardOpenOption.READ);
        }
        return new Opened(channel);
    }

    @Override
    public Disk.File create(String name) throws IOException {
        FileChannel channel = open(name, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            channel.truncate(0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Opened(channel);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void forceFolder(String sub) throws IOException {
        if (!POSIX) {
            return; // Windows cannot open a folder, and makes names durable with the file.
        }
        try (FileChannel channel = FileChannel.open(folder.resolve(sub), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableSpace() throws IOException {
        // Not by a FileStore: to make one, the table of all mounts is read.
        return folder.toFile().getUsableSpace();
    }

    @Override
    public synchronized void lock() throws IOException {
        FileChannel channel = open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock held = tryLock(channel);
            if (held == null) {
                throw new IOException("the folder " + folder + " is in use by another process" + owner(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            lock = channel;
        } finally {
            if (lock != channel) {
                channel.close();
            }
        }
    }

    @Override
    public String describe(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public synchronized void close() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    private FileChannel open(String name, OpenOption... options) throws IOException {
        return FileChannel.open(folder.resolve(name), Set.of(options), mode("rw-------"));
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process has it, in another log
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString();
        return pid.matches("[0-9]+") ? ", process id " + pid : "";
    }

    private static FileAttribute<?>[] mode(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private record Opened(FileChannel channel) implements Disk.File {

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void write(long position, ByteBuffer... data) throws IOException {
            // A gathering write has no position of its own. Readers give theirs, so this one's is ours.
            channel.position(position);
            long left = Stream.of(data).mapToLong(ByteBuffer::remaining).sum();
            int first = 0;
            while (left > 0) {
                left -= channel.write(data, first, data.length - first);
                while (first < data.length && !data[first].hasRemaining()) {
                    first++;
                }
            }
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            return channel.read(into, position);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
