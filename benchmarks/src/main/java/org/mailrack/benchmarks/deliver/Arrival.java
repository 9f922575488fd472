package org.mailrack.benchmarks.deliver;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.mailrack.benchmarks.client.ImapClient;
import org.mailrack.benchmarks.side.Side;

/** Whether the mail is there, as a reader sees it: IMAP STATUS of INBOX over connections that are open from before. */
final class Arrival implements Closeable {

    /** Connections that stay open; of more mailboxes, so many are watched and all are counted after the clock stopped. */
    private static final int MAX_WATCHED = 20;

    private static final int PAUSE_MILLIS = 10;

    private final Side side;
    private final List<String> users;
    private final Map<String, ImapClient> watched = new LinkedHashMap<>();
    private final Map<String, Integer> before = new LinkedHashMap<>();

    Arrival(Side side, List<String> users) throws IOException {
        this.side = side;
        this.users = users;
        try {
            for (int i = 0; i < Math.min(users.size(), MAX_WATCHED); i++) {
                // spread over all, the last one among them
                String user =
                        users.get(users.size() - 1 - (int) ((long) i * users.size() / MAX_WATCHED % users.size()));
                if (!watched.containsKey(user)) {
                    watched.put(user, connect(user));
                }
            }
            if (users.size() <= MAX_WATCHED) {
                for (String user : users) {
                    if (!watched.containsKey(user)) {
                        watched.put(user, connect(user));
                    }
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private ImapClient connect(String user) throws IOException {
        return new ImapClient(side.imap(), user + "@" + Side.DOMAIN, Side.PASSWORD);
    }

    /** To be called before the mail is sent. */
    void remember() throws IOException {
        before.clear();
        for (Map.Entry<String, ImapClient> entry : watched.entrySet()) {
            before.put(entry.getKey(), entry.getValue().messages("INBOX"));
        }
    }

    /** Returns when each watched mailbox has so many more messages than remembered; looked at in turn. */
    void await(int each, long deadlineNanos) throws IOException {
        for (Map.Entry<String, ImapClient> entry : watched.entrySet()) {
            int expected = before.get(entry.getKey()) + each;
            int there;
            while ((there = entry.getValue().messages("INBOX")) < expected) {
                if (System.nanoTime() > deadlineNanos) {
                    throw new IOException(
                            entry.getKey() + " has " + there + " messages and not " + expected + " in time");
                }
                pause();
            }
            if (there > expected) {
                throw new IOException(entry.getKey() + " has " + there + " messages, more than " + expected);
            }
        }
    }

    /** The messages of all mailboxes together, each over a connection of its own; slow. */
    long countAll() throws IOException {
        long sum = 0;
        for (String user : users) {
            ImapClient open = watched.get(user);
            if (open != null) {
                sum += open.messages("INBOX");
            } else {
                try (ImapClient client = connect(user)) {
                    sum += client.messages("INBOX");
                }
            }
        }
        return sum;
    }

    boolean watchesAll() {
        return watched.size() == users.size();
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() throws IOException {
        for (ImapClient client : watched.values()) {
            client.close();
        }
    }
}
