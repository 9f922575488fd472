package org.mailrack.store.derby.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

/**
 * Room on the disk of the database. An engine that finds the disk full or read-only goes down, and cannot open again without
 * writing, so that nobody could read either. Therefore changes are refused in time, and for whoever fills the disk faster than
 * that there is a reserve: a file that is given up for the database to open once more.
 */
final class DiskRoom {

    private static final Logger LOG = LoggerFactory.getLogger(DiskRoom.class);
    private static final byte[] BLOCK = new byte[64 * 1024];

    static {
        // Not zeros, which some file systems do not store.
        Arrays.fill(BLOCK, (byte) 0x55);
    }

    /** What a change does to the room that is left. */
    enum Need {
        /** It reads, or removes something. */
        NONE,
        /** It changes what is there: refused much later, so that people can still mark mail as deleted. */
        LITTLE,
        /** It adds something. */
        MORE
    }

    private static final int LITTLE_PART = 4;

    private final Path file;
    private final LongSupplier free;
    private final Supplier<Settings> settings;

    /** The reserve while it is there; open, to try whether its disk can be written. */
    private RandomAccessFile reserve;
    /** Whether changes are refused: said once when it begins and once when it ends. */
    private boolean refusing;

    DiskRoom(Supplier<Settings> settings) {
        this(settings, settings.get().data().toFile()::getUsableSpace);
    }

    /** @param free octets that can be written */
    DiskRoom(Supplier<Settings> settings, LongSupplier free) {
        this.settings = settings;
        this.free = free;
        this.file = settings.get().data().resolve("db.reserve");
    }

    /** Takes the reserve, if there is room for it. */
    synchronized void open() {
        try {
            takeReserve();
        } catch (IOException e) {
            LOG.warn("no reserve for the database on its disk file={} reason=\"{}\"", file, e.getMessage());
        }
    }

    /** Refuses a change for which there is not the room. */
    synchronized void require(Need need) {
        if (need == Need.NONE) {
            return;
        }
        long least = settings.get().minFreeSpace();
        long wanted = (need == Need.LITTLE ? least / LITTLE_PART : least) + missing();
        if (free.getAsLong() < wanted) {
            refuse("less than " + least / 1024 + " KiB are free (setting min.free.space)");
            throw new StoreException(Kind.NO_SPACE, "no space left on disk");
        }
        try {
            if (reserve != null) {
                reserve.seek(0);
                reserve.write(BLOCK[0]);
            } else if (settings.get().reserve() > 0) {
                takeReserve();
            }
        } catch (IOException e) {
            refuse(e.getMessage());
            Kind kind = Failures.saysFull(e) ? Kind.NO_SPACE : Kind.UNAVAILABLE;
            throw new StoreException(kind, "the disk cannot be written: " + e.getMessage(), e);
        }
        if (refusing && need == Need.MORE) {
            refusing = false;
            LOG.info("mailboxes can be changed again");
        }
    }

    private void refuse(String reason) {
        if (!refusing) {
            refusing = true;
            LOG.warn(
                    "mailboxes cannot be changed until the disk can be written; reading goes on reason=\"{}\"", reason);
        }
    }

    /** Gives the reserve up for the database; false if there is none. */
    synchronized boolean release() {
        if (reserve == null) {
            return false;
        }
        close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("reserve not given up file={} reason=\"{}\"", file, e.getMessage());
            return false;
        }
        LOG.warn("disk is full, the database takes its reserve file={}", file);
        return true;
    }

    /** Why a database may have opened for reading only. */
    String whyReadOnly() {
        return free.getAsLong() < BLOCK.length ? "No space left on device" : "Read-only file system";
    }

    synchronized void close() {
        if (reserve != null) {
            try {
                reserve.close();
            } catch (IOException e) {
                LOG.debug("reserve not closed reason={}", e.toString());
            }
            reserve = null;
        }
    }

    private long missing() {
        return reserve == null ? settings.get().reserve() : 0;
    }

    private void takeReserve() throws IOException {
        long size = settings.get().reserve();
        if (size == 0) {
            Files.deleteIfExists(file);
            return;
        }
        RandomAccessFile taken = new RandomAccessFile(file.toFile(), "rw");
        boolean whole = false;
        try {
            if (taken.length() > size) {
                taken.setLength(size);
            }
            taken.seek(taken.length());
            for (long left = size - taken.length(); left > 0; left -= BLOCK.length) {
                taken.write(BLOCK, 0, (int) Math.min(left, BLOCK.length));
            }
            whole = true;
        } finally {
            if (!whole) {
                taken.close();
                Files.deleteIfExists(file);
            }
        }
        reserve = taken;
    }
}
