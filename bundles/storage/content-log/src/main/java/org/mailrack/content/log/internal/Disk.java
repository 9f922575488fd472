package org.mailrack.content.log.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The folder of a log: what it needs of a file system and no more, so that a test can play a failing one. Thread-safe. */
interface Disk extends Closeable {

    /** The file names in a folder, {@code ""} for the top one; empty when there is no such folder. */
    List<String> list(String folder) throws IOException;

    /** Opens a file that is there, for reading at least. */
    File open(String name) throws IOException;

    /** Makes a file, or empties the one that is there. */
    File create(String name) throws IOException;

    /** Renames in one step, replacing what is there. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file if it is there. */
    void delete(String name) throws IOException;

    /** Makes new names in a folder durable. */
    void forceFolder(String folder) throws IOException;

    /** Octets that can still be written. */
    long usableSpace() throws IOException;

    /** Keeps other processes out until this is closed; fails with a message for the operator when one is in. */
    void lock() throws IOException;

    /** What a log's messages call the file. */
    String describe(String name);

    /** An open file. Reads may happen at any time and by any thread, changes by one thread at a time. */
    interface File extends Closeable {

        long size() throws IOException;

        /** Writes all of it. */
        void write(long position, ByteBuffer... data) throws IOException;

        /** Reads some octets; -1 at the end. */
        int read(long position, ByteBuffer into) throws IOException;

        void force() throws IOException;

        void truncate(long size) throws IOException;
    }
}
