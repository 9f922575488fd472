package org.mailrack.relay.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLSocket;

import org.mailrack.testkit.LoopbackTls;

/** Another mail server: takes everything, unless told otherwise for a verb. */
final class Peer implements AutoCloseable {

    /** As an answer: ends the connection. */
    static final String HANG_UP = "hang up";
    /** As an answer: says nothing and waits. */
    static final String SILENCE = "silence";

    private final ServerSocket server;
    private final Map<String, UnaryOperator<String>> answers = new ConcurrentHashMap<>();
    private volatile String[] extensions = {"PIPELINING", "8BITMIME", "SIZE 10000000"};

    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<byte[]> messages = new CopyOnWriteArrayList<>();
    final List<Socket> sockets = new CopyOnWriteArrayList<>();
    volatile boolean readsNoMessage;
    volatile CountDownLatch gate = new CountDownLatch(0);

    Peer(String address, int port) throws IOException {
        server = new ServerSocket(port, 50, InetAddress.getByName(address));
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "peer");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    Peer offers(String... keywords) {
        extensions = keywords;
        return this;
    }

    Peer answers(String verb, String reply) {
        return answers(verb, line -> reply);
    }

    Peer answers(String verb, UnaryOperator<String> reply) {
        answers.put(verb, reply);
        return this;
    }

    String message() {
        return new String(messages.get(0), StandardCharsets.UTF_8);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
            return;
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            gate.await();
            Socket socket = plain;
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String greeting =
                    answers.getOrDefault("CONNECT", line -> "220 peer").apply("");
            if (!say(socket, greeting)) {
                return;
            }
            for (String line = line(in); line != null; line = line(in)) {
                commands.add(line);
                String verb = line.split("[ :]")[0];
                String reply = answers.getOrDefault(verb, this::preset).apply(line);
                if (!say(socket, reply)) {
                    return;
                }
                if (verb.equals("STARTTLS") && reply.startsWith("220")) {
                    SSLSocket secure = (SSLSocket)
                            LoopbackTls.context().getSocketFactory().createSocket(plain, null, plain.getPort(), true);
                    secure.setUseClientMode(false);
                    secure.startHandshake();
                    socket = secure;
                    in = new BufferedInputStream(socket.getInputStream());
                } else if (verb.equals("DATA") && reply.startsWith("354")) {
                    if (readsNoMessage) {
                        synchronized (this) {
                            wait();
                        }
                    }
                    messages.add(data(in));
                    if (!say(
                            socket,
                            answers.getOrDefault(".", text -> "250 2.0.0 taken").apply(""))) {
                        return;
                    }
                } else if (verb.equals("QUIT")) {
                    return;
                }
            }
        } catch (IOException e) {
            commands.add("broken: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String preset(String line) {
        return switch (line.split("[ :]")[0]) {
            case "EHLO" ->
                "250-peer\r\n"
                        + String.join(
                                "",
                                java.util.Arrays.stream(extensions)
                                        .map(word -> "250-" + word + "\r\n")
                                        .toList())
                        + "250 HELP";
            case "STARTTLS" -> "220 go";
            case "DATA" -> "354 go";
            case "QUIT" -> "221 bye";
            default -> "250 2.1.0 fine";
        };
    }

    private static boolean say(Socket socket, String reply) throws IOException {
        if (reply.equals(SILENCE)) {
            return true;
        }
        if (reply.equals(HANG_UP)) {
            return false;
        }
        socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return true;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8).replace("\r", "");
    }

    /** The raw octets up to CRLF.CRLF. */
    private static byte[] data(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String end = "\r\n.\r\n";
        int matched = 2;
        while (matched < end.length()) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("cut within the message");
            }
            all.write(c);
            matched = c == end.charAt(matched) ? matched + 1 : c == '\r' ? 1 : 0;
        }
        return java.util.Arrays.copyOf(all.toByteArray(), all.size() - 3);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        synchronized (this) {
            notifyAll();
        }
    }
}
