package org.mailrack.filtering.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Content;

/**
 * The message as one filter gets it for one call. When the call is over nothing more can be read, and what the filter left open
 * is closed; no stream gives out a buffer that others read from.
 */
final class GuardedContent implements Content {

    private static final Logger log = LoggerFactory.getLogger(GuardedContent.class);

    /** Streams that a filter may have open at once: each may hold a file. */
    static final int MAX_OPEN = 16;

    private final Content content;
    private List<Guarded> open;
    private boolean over;

    GuardedContent(Content content) {
        this.content = content;
    }

    @Override
    public long length() {
        return content.length();
    }

    @Override
    public synchronized InputStream open(long offset, long count) throws IOException {
        check();
        if (open == null) {
            open = new ArrayList<>(2);
        }
        if (open.size() >= MAX_OPEN) {
            throw new IOException("more than " + MAX_OPEN + " streams of the message are open");
        }
        Guarded guarded = new Guarded(content.open(offset, count));
        open.add(guarded);
        return guarded;
    }

    private void check() throws IOException {
        if (over) {
            throw new IOException("the call of the filter is over");
        }
    }

    /** Ends the call. */
    synchronized void over() {
        over = true;
        if (open != null) {
            for (Guarded stream : open) {
                stream.abandon();
            }
            open = null;
        }
    }

    /** Hands out copies only: the streams' own {@code transferTo} may show its buffer. */
    private final class Guarded extends InputStream {

        private final InputStream in;

        Guarded(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            synchronized (GuardedContent.this) {
                check();
                return in.read();
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            synchronized (GuardedContent.this) {
                check();
                return in.read(buffer, offset, length);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            synchronized (GuardedContent.this) {
                check();
                return in.skip(count);
            }
        }

        @Override
        public int available() throws IOException {
            synchronized (GuardedContent.this) {
                check();
                return in.available();
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (GuardedContent.this) {
                if (open != null && open.remove(this)) {
                    in.close();
                }
            }
        }

        private void abandon() {
            try {
                in.close();
            } catch (IOException | RuntimeException e) {
                // It was only read from, and nobody will read on.
                log.debug("a stream that a filter left open cannot be closed", e);
            }
        }
    }
}
