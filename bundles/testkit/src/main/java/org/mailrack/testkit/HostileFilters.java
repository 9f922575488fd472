package org.mailrack.testkit;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.IncomingMail;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Envelope;

/**
 * Filters that do what a filter must not. Those that would never end do so when the latch that they were given is open, so that a
 * test leaves nothing behind.
 */
public final class HostileFilters {

    private HostileFilters() {}

    /** Throws that, checked or not. */
    public static MessageFilter throwing(Throwable thrown) {
        return mail -> {
            throw HostileFilters.<RuntimeException>unchecked(thrown);
        };
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Calls itself until the stack is full. */
    public static MessageFilter recursing() {
        return new MessageFilter() {
            @Override
            public Verdict message(IncomingMail mail) throws Exception {
                Verdict verdict = message(mail);
                return verdict == null ? Verdict.ACCEPT : verdict;
            }
        };
    }

    /** Throws an exception whose own methods throw. */
    public static MessageFilter throwingWhatThrows() {
        return throwing(new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                throw new IllegalStateException("not even that");
            }

            @Override
            public String getMessage() {
                throw new IllegalStateException("not even that");
            }
        });
    }

    /** Throws an exception that writes a line of its own into a log, or never ends to tell what it is. */
    public static MessageFilter throwingWhatHangs(CountDownLatch end) {
        return throwing(new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                spin(end);
                return "over\n2026-01-01 INFO forged";
            }
        });
    }

    /** Computes for ever and hears no interrupt. */
    public static MessageFilter looping(CountDownLatch end) {
        return mail -> {
            spin(end);
            return new Verdict.Reject("5.7.1", "too late");
        };
    }

    private static void spin(CountDownLatch end) {
        while (end.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Sleeps until it is interrupted. */
    public static MessageFilter sleeping(CountDownLatch end) {
        return mail -> {
            end.await();
            return new Verdict.Reject("5.7.1", "too late");
        };
    }

    /** Sleeps on when it is interrupted. */
    public static MessageFilter sleepingDeeply(CountDownLatch end) {
        return mail -> {
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    // That is what is hostile about it.
                }
            }
            return new Verdict.Reject("5.7.1", "too late");
        };
    }

    /** Takes all memory there is, until there is no more. */
    public static MessageFilter allocating() {
        return mail -> {
            List<byte[]> all = new ArrayList<>();
            while (all.size() < Integer.MAX_VALUE) {
                all.add(new byte[1 << 20]);
            }
            return Verdict.ACCEPT;
        };
    }

    /** Starts a thread for each mail, which reads the mail for ever, and accepts. */
    public static MessageFilter leavingThreads(CountDownLatch end) {
        return mail -> {
            Thread thread = new Thread(
                    () -> {
                        while (end.getCount() > 0) {
                            try (InputStream in = mail.content().open()) {
                                in.readAllBytes();
                            } catch (java.io.IOException e) {
                                Thread.onSpinWait();
                            }
                        }
                    },
                    "left");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.start();
            return Verdict.ACCEPT;
        };
    }

    /** Leaves streams open, as many as it can get. */
    public static MessageFilter leavingStreams() {
        return mail -> {
            for (int i = 0; i < 100_000; i++) {
                mail.content().open();
            }
            return Verdict.ACCEPT;
        };
    }

    /** Says nothing. */
    public static MessageFilter silent() {
        return mail -> null;
    }

    /** Tries to change what it only gets to see, and the thread that it is called in; then accepts. */
    public static MessageFilter meddling() {
        return mail -> {
            attempt(() -> mail.headers().clear());
            attempt(() -> mail.envelope().attributes().put(Envelope.AUTHENTICATED, "eve"));
            attempt(() -> mail.envelope().recipients().clear());
            attempt(() -> Collections.reverse(mail.headers()));
            try (InputStream in = mail.content().open()) {
                // Some streams show the buffer that they read from.
                in.transferTo(new OutputStream() {
                    @Override
                    public void write(int octet) {
                        // Only whole buffers are of interest.
                    }

                    @Override
                    public void write(byte[] octets, int offset, int length) {
                        Arrays.fill(octets, (byte) 'X');
                    }
                });
            }
            Thread thread = Thread.currentThread();
            thread.setName("mine");
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.setContextClassLoader(null);
            thread.interrupt();
            return Verdict.ACCEPT;
        };
    }

    private static void attempt(Runnable change) {
        try {
            change.run();
        } catch (UnsupportedOperationException e) {
            // As it should be.
        }
    }

    /** Verdicts that no filter may give. */
    public static List<Verdict> wrongVerdicts() {
        return List.of(
                new Verdict.Reject("5.7.1", null),
                new Verdict.Reject(null, "no"),
                new Verdict.Reject("4.7.1", "not now"),
                new Verdict.Reject("2.0.0", "welcome"),
                new Verdict.Reject("5.7.1 no\r\n250 2.0.0", "welcome"),
                new Verdict.Defer("5.7.1", "never"),
                new Verdict.Tag(List.of(), Map.of(Envelope.AUTHENTICATED, "eve")),
                new Verdict.Tag(List.of(), Map.of("much", "x".repeat(1 << 20))),
                Verdict.edit(new HeaderEdit.Add("Subject", "x\r\nBcc: eve@x.org")),
                Verdict.edit(new HeaderEdit.Add(null, "x")),
                Verdict.edit(new HeaderEdit.Add("X", null)),
                new Verdict.Tag(Collections.nCopies(100_000, new HeaderEdit.Add("X", "y")), Map.of()),
                new Verdict.Tag(Collections.nCopies(500, new HeaderEdit.Add("X", "y".repeat(60_000))), Map.of()));
    }
}
