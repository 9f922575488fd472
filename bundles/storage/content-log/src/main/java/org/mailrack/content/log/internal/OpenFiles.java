package org.mailrack.content.log.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bounded number of files open for reading, shared by all readers; the one not used for longest is closed first. */
final class OpenFiles implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);

    private static final class Shared {
        final Disk.File file;
        int users;
        boolean stale;

        Shared(Disk.File file) {
            this.file = file;
        }
    }

    private final Disk disk;
    private final int max;
    private final Map<String, Shared> files = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    OpenFiles(Disk disk, int max) {
        this.disk = disk;
        this.max = max;
    }

    /** Fills the buffer from a place in a file. */
    void read(String name, long position, ByteBuffer into) throws IOException {
        int start = into.position();
        try {
            readOnce(name, position, into);
        } catch (ClosedChannelException e) {
            // A thread that was interrupted while it read has closed the channel for all.
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            into.position(start);
            readOnce(name, position, into);
        }
    }

    long size(String name) throws IOException {
        Shared shared = acquire(name);
        try {
            return shared.file.size();
        } finally {
            release(shared);
        }
    }

    /** Closes a file whose name is about to mean another, or nothing. */
    synchronized void forget(String name) {
        Shared shared = files.remove(name);
        if (shared != null) {
            retire(shared);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        files.values().forEach(this::retire);
        files.clear();
    }

    private void readOnce(String name, long position, ByteBuffer into) throws IOException {
        Shared shared = acquire(name);
        try {
            int start = into.position();
            while (into.hasRemaining()) {
                if (shared.file.read(position + into.position() - start, into) < 0) {
                    throw new EOFException(disk.describe(name) + " is too short");
                }
            }
        } catch (ClosedChannelException e) {
            drop(name, shared);
            throw e;
        } finally {
            release(shared);
        }
    }

    private synchronized Shared acquire(String name) throws IOException {
        if (closed) {
            throw new IOException("the content store is stopped");
        }
        Shared shared = files.get(name);
        if (shared == null) {
            shared = new Shared(disk.open(name));
            files.put(name, shared);
            for (Iterator<Shared> all = files.values().iterator(); files.size() > max && all.hasNext(); ) {
                Shared oldest = all.next();
                if (oldest != shared) {
                    all.remove();
                    retire(oldest);
                }
            }
        }
        shared.users++;
        return shared;
    }

    private synchronized void drop(String name, Shared shared) {
        if (files.remove(name, shared)) {
            retire(shared);
        }
    }

    private synchronized void release(Shared shared) {
        shared.users--;
        if (shared.stale) {
            retire(shared);
        }
    }

    private void retire(Shared shared) {
        shared.stale = true;
        if (shared.users == 0) {
            try {
                shared.file.close();
            } catch (IOException e) {
                log.warn("content file not closed reason={}", e.toString());
            }
        }
    }
}
