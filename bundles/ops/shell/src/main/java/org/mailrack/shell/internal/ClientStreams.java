package org.mailrack.shell.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A client's terminal as streams. Input is asked for only when the command reads, so that the client keeps what is not wanted. */
final class ClientStreams {

    private static final byte[] GONE = {};

    private final Frames frames;
    private final BlockingQueue<byte[]> input = new ArrayBlockingQueue<>(2);

    private boolean asked;
    private volatile boolean gone;

    ClientStreams(Frames frames) {
        this.frames = frames;
    }

    InputStream in() {
        return new Input();
    }

    PrintStream out() {
        return print(Frames.OUT);
    }

    PrintStream err() {
        return print(Frames.ERR);
    }

    private PrintStream print(byte type) {
        return new PrintStream(new Output(type), true, StandardCharsets.UTF_8);
    }

    void done(int code) throws IOException {
        write(Frames.DONE, new byte[] {(byte) (code >> 24), (byte) (code >> 16), (byte) (code >> 8), (byte) code}, 4);
    }

    private synchronized void write(byte type, byte[] octets, int length) throws IOException {
        frames.write(type, octets, length);
    }

    /** The client answered; called by the thread that reads the socket. */
    void received(byte[] octets) throws IOException {
        synchronized (this) {
            if (!asked) {
                throw new IOException("input that nobody asked for");
            }
            asked = false;
        }
        input.add(octets);
    }

    /** The client left: a command that reads shall not wait for ever. */
    void gone() {
        gone = true;
        input.offer(GONE);
    }

    private byte[] ask() throws IOException {
        if (gone) {
            return GONE;
        }
        synchronized (this) {
            asked = true;
        }
        write(Frames.NEED, GONE, 0);
        try {
            return input.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the command was cancelled");
        }
    }

    private final class Input extends InputStream {

        private byte[] chunk = {};
        private int next;
        private boolean end;

        @Override
        public int read() throws IOException {
            return fill() ? chunk[next++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, chunk.length - next);
            System.arraycopy(chunk, next, target, offset, count);
            next += count;
            return count;
        }

        @Override
        public int available() {
            return chunk.length - next;
        }

        private boolean fill() throws IOException {
            if (next < chunk.length) {
                return true;
            }
            if (!end) {
                java.util.Arrays.fill(chunk, (byte) 0);
                chunk = ask();
                next = 0;
                end = chunk.length == 0;
            }
            return !end;
        }
    }

    private final class Output extends OutputStream {

        private final byte type;

        Output(byte type) {
            this.type = type;
        }

        @Override
        public void write(int octet) throws IOException {
            ClientStreams.this.write(type, new byte[] {(byte) octet}, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            int sent = 0;
            while (sent < length) {
                int count = Math.min(Frames.MAX, length - sent);
                byte[] piece = java.util.Arrays.copyOfRange(octets, offset + sent, offset + sent + count);
                ClientStreams.this.write(type, piece, count);
                sent += count;
            }
        }
    }
}
