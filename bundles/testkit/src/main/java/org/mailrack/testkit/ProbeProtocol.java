package org.mailrack.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;

/** A protocol of text lines whose commands each use one ability of a connection; it notes what the connection does with it. */
final class ProbeProtocol implements Protocol {

    final List<Probe> probes = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    final AtomicLong produced = new AtomicLong();
    final AtomicLong sourcesOpen = new AtomicLong();

    @Override
    public Session open(Connection connection) {
        Probe probe = new Probe(connection);
        probes.add(probe);
        return probe;
    }

    @Override
    public ByteBuffer refusal(Refusal reason) {
        return ByteBuffer.wrap(("no " + reason + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    final class Probe implements Session {

        final Connection connection;
        private final AtomicBoolean inside = new AtomicBoolean();
        private long toProduce;
        private boolean stopped;
        private boolean deaf;

        private Probe(Connection connection) {
            this.connection = connection;
        }

        private void enter(String event, Runnable body) {
            if (!inside.compareAndSet(false, true)) {
                events.add("OVERLAP in " + event);
            }
            try {
                if (!event.isEmpty()) {
                    events.add(event);
                }
                body.run();
            } finally {
                inside.set(false);
            }
        }

        @Override
        public void opened() {
            enter("opened", () -> connection.write("hello secure=" + connection.secure() + "\r\n"));
        }

        @Override
        public void received(ByteBuffer input) {
            enter("", () -> consume(input));
        }

        private void consume(ByteBuffer input) {
            stopped = false;
            produce();
            while (!stopped && !deaf && connection.writable()) {
                int end = input.position();
                while (end < input.limit() && input.get(end) != '\n') {
                    end++;
                }
                if (end == input.limit()) {
                    return;
                }
                byte[] line = new byte[end - input.position()];
                input.get(line);
                input.get();
                command(new String(line, StandardCharsets.UTF_8).trim());
            }
        }

        private void command(String line) {
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "ECHO" -> connection.write(words[1] + "\r\n");
                case "PRODUCE" -> {
                    toProduce = Long.parseLong(words[1]);
                    produce();
                }
                case "SOURCE" -> connection.write(new Source(Long.parseLong(words[1]), false));
                case "BADSOURCE" -> connection.write(new Source(Long.parseLong(words[1]), true));
                case "STARTTLS" -> {
                    connection.write("go\r\n");
                    connection.startTls();
                    stopped = true;
                }
                case "PAUSE" -> {
                    connection.write("pausing\r\n");
                    connection.pause();
                    stopped = true;
                }
                case "DEAF" -> deaf = true;
                case "IDLE" -> connection.idleTimeout(Duration.ofMillis(Long.parseLong(words[1])));
                case "THROW" -> throw new IllegalStateException("as told");
                case "QUIT" -> {
                    connection.write("bye\r\n");
                    connection.close();
                    connection.write("never\r\n");
                    connection.write(new Source(10, false));
                    stopped = true;
                }
                default -> connection.write("what?\r\n");
            }
        }

        private void produce() {
            while (toProduce > 0 && connection.writable()) {
                int count = (int) Math.min(toProduce, 4096);
                toProduce -= count;
                connection.write(ByteBuffer.wrap(new byte[count]));
                produced.addAndGet(count);
            }
        }

        /** Runs a task by the connection, noting it. */
        void execute(String event, Runnable task) {
            connection.execute(() -> enter(event, task));
        }

        @Override
        public void secured() {
            enter("secured", () -> {});
        }

        @Override
        public void idle() {
            enter("idle", () -> {});
        }

        @Override
        public void goodbye() {
            enter("goodbye", () -> {
                connection.write("goodbye\r\n");
                connection.close();
            });
        }

        @Override
        public void closed() {
            enter("closed", () -> {});
        }
    }

    /** Octets out of nowhere, counted as they are read. */
    private final class Source implements ReadableByteChannel {

        private long left;
        private final boolean throwing;
        private boolean open = true;

        Source(long length, boolean throwing) {
            left = length;
            this.throwing = throwing;
            sourcesOpen.incrementAndGet();
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            if (left == 0 && throwing) {
                throw new IOException("as told");
            }
            if (left == 0) {
                return -1;
            }
            int count = (int) Math.min(left, into.remaining());
            into.put(new byte[count]);
            left -= count;
            produced.addAndGet(count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                sourcesOpen.decrementAndGet();
            }
        }
    }
}
