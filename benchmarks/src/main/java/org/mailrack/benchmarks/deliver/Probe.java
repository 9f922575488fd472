package org.mailrack.benchmarks.deliver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.mailrack.benchmarks.client.ImapClient;
import org.mailrack.benchmarks.client.SmtpClient;
import org.mailrack.benchmarks.measure.Sample;
import org.mailrack.benchmarks.side.Side;

/**
 * Now and then sends a mail of its own beside the load, and measures how long it takes from the connect to the 250 and to
 * the moment when IMAP shows it.
 */
final class Probe implements AutoCloseable {

    static final String USER = "probe";

    private static final Pattern UID = Pattern.compile("UID (\\d+)");
    private static final Pattern SUBJECT = Pattern.compile("(?i)subject: probe-(\\d+-\\d+)");
    private static final int LOOK_MILLIS = 5;

    private final Side side;
    private final int pauseMillis;
    private final int octets;
    private final long end;
    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private final List<Double> accepted = new ArrayList<>();
    private final List<Double> visible = new ArrayList<>();
    private final ImapClient reader;
    private final Thread sender;
    private final Thread watcher;
    private volatile boolean stopping;
    private volatile boolean allSent;
    private volatile IOException failure;

    /** Begins at once. */
    Probe(Side side, int pauseMillis, int octets, long deadlineNanos) throws IOException {
        this.side = side;
        this.pauseMillis = pauseMillis;
        this.octets = octets;
        this.end = deadlineNanos;
        reader = new ImapClient(side.imap(), USER + "@" + Side.DOMAIN, Side.PASSWORD);
        reader.run("SELECT INBOX");
        int next = lastUid() + 1;
        sender = new Thread(this::send, "probe sender");
        watcher = new Thread(() -> watch(next), "probe watcher");
        sender.start();
        watcher.start();
    }

    private int lastUid() throws IOException {
        int last = 0;
        for (String line : reader.run("UID FETCH * (UID)")) {
            Matcher uid = UID.matcher(line);
            if (uid.find()) {
                last = Math.max(last, Integer.parseInt(uid.group(1)));
            }
        }
        return last;
    }

    private void send() {
        String body = ("x".repeat(70) + "\r\n").repeat(Math.max(1, octets / 72));
        try {
            long start = System.nanoTime();
            for (int i = 0; !stopping; i++) {
                String name = start + "-" + i;
                long before = System.nanoTime();
                sent.put(name, before);
                SmtpClient.send(
                        side.smtp(),
                        "probe@example.net",
                        USER + "@" + Side.DOMAIN,
                        "From: probe@example.net\r\nSubject: probe-" + name + "\r\n\r\n" + body);
                accepted.add((System.nanoTime() - before) / 1e6);
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            allSent = true;
        }
    }

    private void watch(int first) {
        int next = first;
        boolean news = false;
        try {
            while (failure == null && !(allSent && sent.isEmpty())) {
                if (System.nanoTime() > end) {
                    throw new IOException(sent.size() + " mails of the probe have not arrived in time");
                }
                if (!news && !hasNews(reader.run("NOOP"))) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                    continue;
                }
                List<String> lines = reader.run("UID FETCH " + next + ":* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
                long now = System.nanoTime();
                // This answer, too, may tell of mails that have come since.
                news = hasNews(lines);
                for (String line : lines) {
                    Matcher subject = SUBJECT.matcher(line);
                    Matcher uid = UID.matcher(line);
                    if (uid.find()) {
                        next = Math.max(next, Integer.parseInt(uid.group(1)) + 1);
                    }
                    Long before = subject.find() ? sent.remove(subject.group(1)) : null;
                    if (before != null) {
                        visible.add((now - before) / 1e6);
                    }
                }
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasNews(List<String> lines) {
        return lines.stream().anyMatch(line -> line.endsWith(" EXISTS"));
    }

    /** Sends no more, and waits for what is under way. */
    @Override
    public void close() throws IOException {
        stopping = true;
        try {
            sender.join();
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reader.close();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Milliseconds from the connect to the 250; after {@link #close}. */
    Sample accepted() {
        return Sample.of(accepted);
    }

    /** Milliseconds from the connect until IMAP shows it; after {@link #close}. */
    Sample visible() {
        return Sample.of(visible);
    }
}
