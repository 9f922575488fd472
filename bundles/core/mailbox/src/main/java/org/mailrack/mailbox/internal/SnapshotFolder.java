package org.mailrack.mailbox.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mailbox.MailboxInfo;

/**
 * Snapshots as files, one for each mailbox, named by its id. A file is written under another name and then renamed. It is not forced
 * to disk: after a power cut it may be cut short or have other octets than were written, which its checksums tell, and then the rows
 * are read as if it were not there. Reading is thread-safe, writing is for one thread.
 */
final class SnapshotFolder {

    private static final Logger log = LoggerFactory.getLogger(SnapshotFolder.class);
    private static final String END = ".view";
    private static final String UNFINISHED = ".new";
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})\\.view");
    private static final int BUFFER = 1 << 16;
    /** Disk space that snapshots leave free, so that it is never they that fill a disk. */
    private static final long LEAVE_FREE = 256L << 20;

    private final Path folder;
    /** Octets of all snapshots; below 0 before they were counted. */
    private long total = -1;

    SnapshotFolder(Path folder) {
        this.folder = folder;
    }

    private Path file(long id) {
        return folder.resolve(id + END);
    }

    /** Reads something out of a snapshot. */
    private interface Reading<T> {
        Optional<T> read(SnapshotHead head, DataInputStream in) throws IOException;
    }

    /** The view of a snapshot that can be an earlier state of this mailbox. */
    Optional<View> read(MailboxInfo info, FlagPool pool) {
        return read(info, BUFFER, (head, in) -> Optional.of(Snapshot.read(in, head, info, pool)));
    }

    /** The head of such a snapshot. */
    Optional<SnapshotHead> head(MailboxInfo info) {
        return read(info, 512, (head, in) -> Optional.of(head));
    }

    private <T> Optional<T> read(MailboxInfo info, int buffer, Reading<T> reading) {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file(info.id())), buffer))) {
            SnapshotHead head = SnapshotHead.read(in);
            if (head.fits(info)) {
                return reading.read(head, in);
            }
            log.info("snapshot of another time not used mailbox={}", info.id());
        } catch (NoSuchFileException e) {
            log.debug("no snapshot mailbox={}", info.id());
        } catch (EOFException e) {
            log.warn("snapshot not used mailbox={} reason=it is cut short", info.id());
        } catch (IOException e) {
            log.warn("snapshot not used mailbox={} reason={}", info.id(), e.getMessage());
        }
        return Optional.empty();
    }

    /**
     * Writes a snapshot, and removes the oldest when together they are too large.
     *
     * @return whether it was written; not when there is too little space
     */
    boolean write(View view, long maxOctets) throws IOException {
        long id = view.info().id();
        Files.createDirectories(folder, ownerOnly());
        if (view.memory() > maxOctets || Files.getFileStore(folder).getUsableSpace() - view.memory() < LEAVE_FREE) {
            return false;
        }
        Path unfinished = folder.resolve(id + UNFINISHED);
        long before = size(file(id));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER)) {
            Snapshot.write(view, out);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        Files.move(unfinished, file(id), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        bound(size(file(id)) - before, maxOctets);
        return true;
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private record Found(Path file, long octets, long written) {}

    /** All snapshots, the oldest first. Leftovers of a process that died while it wrote are removed. */
    private List<Found> all() throws IOException {
        List<Found> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.getFileName().toString().endsWith(UNFINISHED)) {
                    Files.deleteIfExists(file);
                } else {
                    all.add(new Found(
                            file, size(file), Files.getLastModifiedTime(file).toMillis()));
                }
            }
        }
        all.sort(Comparator.comparingLong(Found::written));
        return all;
    }

    private void bound(long more, long maxOctets) throws IOException {
        if (total >= 0) {
            total += more;
        }
        if (total >= 0 && total <= maxOctets) {
            return;
        }
        List<Found> all = all();
        total = all.stream().mapToLong(Found::octets).sum();
        for (Found oldest : all) {
            if (total <= maxOctets) {
                break;
            }
            total -= oldest.octets();
            Files.deleteIfExists(oldest.file());
        }
    }

    /** The mailboxes whose snapshots were written last, as many as have no more than so many octets together. */
    List<Long> newest(long maxOctets) throws IOException {
        List<Long> newest = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return newest;
        }
        List<Found> all = all();
        Collections.reverse(all);
        long octets = 0;
        for (Found found : all) {
            Matcher name = NAME.matcher(found.file().getFileName().toString());
            if (name.matches()) {
                octets += found.octets();
                if (octets > maxOctets) {
                    break;
                }
                newest.add(Long.parseLong(name.group(1)));
            }
        }
        return newest;
    }

    void delete(long id) throws IOException {
        long octets = size(file(id));
        if (Files.deleteIfExists(file(id)) && total >= 0) {
            total -= octets;
        }
    }
}
