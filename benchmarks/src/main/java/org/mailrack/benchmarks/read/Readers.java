package org.mailrack.benchmarks.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.mailrack.benchmarks.Options;
import org.mailrack.benchmarks.Setup;
import org.mailrack.benchmarks.Sides;
import org.mailrack.benchmarks.client.ImapClient;
import org.mailrack.benchmarks.side.Side;

/** The sides of a benchmark of reading, with their mailboxes filled. */
final class Readers {

    private static final int WRITERS = 8;

    private final Setup setup;
    private final int octets;

    Readers(Options options) {
        setup = new Setup(options);
        octets = options.number("octets", 4096);
    }

    /** Started, with a user and his INBOX for each number of messages. */
    Sides start(List<Integer> sizes) throws IOException {
        Sides sides = setup.start(
                Setup.Peer.DOVECOT, sizes.stream().map(Readers::user).toList(), sizes + " of " + octets);
        boolean whole = false;
        try {
            System.out.println("messages of " + octets + " octets");
            if (sides.filled()) {
                System.out.println("filled before");
            } else {
                fill(sides, sizes);
            }
            whole = true;
            return sides;
        } finally {
            if (!whole) {
                sides.close();
            }
        }
    }

    private void fill(Sides sides, List<Integer> sizes) throws IOException {
        for (Side side : sides.all()) {
            side.stop();
            side.startToFill();
            for (int size : sizes) {
                fill(side, size);
            }
            side.stop();
            side.start();
        }
        sides.markFilled();
    }

    static String user(int size) {
        return "box" + size;
    }

    static ImapClient imap(Side side, int size) throws IOException {
        return new ImapClient(side.imap(), user(size) + "@" + Side.DOMAIN, Side.PASSWORD);
    }

    private void fill(Side side, int size) throws IOException {
        long begun = System.nanoTime();
        byte[] message = message();
        ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Void>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int count = size / WRITERS + (i < size % WRITERS ? 1 : 0);
                Callable<Void> writer = () -> {
                    try (ImapClient client = imap(side, size)) {
                        client.append("INBOX", message, count);
                    }
                    return null;
                };
                writers.add(pool.submit(writer));
            }
            for (Future<Void> writer : writers) {
                writer.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("filling " + side.name() + " failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
        System.out.printf(
                "%s: %,d messages appended in %.0f s%n", side.name(), size, (System.nanoTime() - begun) / 1e9);
    }

    private byte[] message() {
        String head = "From: a@example.net\r\nTo: b@" + Side.DOMAIN + "\r\nSubject: benchmark\r\n\r\n";
        StringBuilder text = new StringBuilder(head);
        while (text.length() < octets) {
            text.append("x".repeat(70)).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
