package org.mailrack.relay.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import org.mailrack.api.mail.Content;

/** Our side of one SMTP connection: commands out, replies in, nothing decided. Used by one thread. */
final class SmtpConnection implements AutoCloseable {

    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final RelaySettings settings;
    private final Deadlines.Guard guard;
    private Socket socket;
    private ReplyReader in;
    private OutputStream out;
    private Map<String, String> extensions = Map.of();

    private SmtpConnection(RelaySettings settings, Socket socket, Deadlines.Guard guard) {
        this.settings = settings;
        this.socket = socket;
        this.guard = guard;
    }

    static SmtpConnection open(RelaySettings settings, Deadlines deadlines, Hosts.Host host) throws IOException {
        Socket socket = new Socket();
        Deadlines.Guard guard = deadlines.guard(socket, settings.connect().plusSeconds(1));
        SmtpConnection connection = new SmtpConnection(settings, socket, guard);
        try {
            socket.setTcpNoDelay(true);
            socket.connect(host.address(), (int) settings.connect().toMillis());
            connection.use(socket);
            return connection;
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void use(Socket used) throws IOException {
        socket = used;
        in = new ReplyReader(used.getInputStream());
        out = new BufferedOutputStream(used.getOutputStream(), 16 * 1024);
    }

    Reply greeting() throws IOException {
        return reply(settings.command());
    }

    /** EHLO, or HELO if the server knows no EHLO (RFC 5321 section 3.2). */
    Reply hello(String ourName) throws IOException {
        Reply reply = command("EHLO " + ourName);
        extensions = Map.of();
        if (reply.positive()) {
            Map<String, String> offered = new HashMap<>();
            for (String line : reply.lines().subList(1, reply.lines().size())) {
                String[] words = line.trim().split(" +", 2);
                offered.put(words[0].toUpperCase(Locale.ROOT), words.length > 1 ? words[1] : "");
            }
            extensions = offered;
        } else if (reply.code() >= 500) {
            return command("HELO " + ourName);
        }
        return reply;
    }

    boolean offers(String extension) {
        return extensions.containsKey(extension);
    }

    /** What the server takes, 0 if it does not say (RFC 1870). */
    long maxSize() {
        try {
            return Long.parseLong(extensions.getOrDefault("SIZE", "0").trim());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    boolean encrypted() {
        return socket instanceof SSLSocket;
    }

    /** STARTTLS; false if the server refuses it. The server's name goes into SNI. */
    boolean startTls(SSLSocketFactory factory, Hosts.Host host) throws IOException {
        if (!command("STARTTLS").positive()) {
            return false;
        }
        if (in.hasMore()) {
            // RFC 3207 section 6, seen from the client: somebody put replies in front of the protected ones.
            throw new ProtocolException("server sent more than its answer to STARTTLS");
        }
        SSLSocket secure = (SSLSocket)
                factory.createSocket(socket, host.name(), host.address().getPort(), true);
        secure.setUseClientMode(true);
        guard.allow(settings.command());
        secure.startHandshake();
        use(secure);
        return true;
    }

    Reply command(String line) throws IOException {
        send(line);
        return reply(settings.command());
    }

    /** Puts a command on its way without waiting; {@link #reply} sends what is left. */
    void send(String line) throws IOException {
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0 || line.indexOf('\0') >= 0) {
            throw new ProtocolException("line end in a command");
        }
        guard.allow(settings.command());
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    Reply reply() throws IOException {
        return reply(settings.command());
    }

    private Reply reply(Duration time) throws IOException {
        guard.allow(time);
        out.flush();
        return in.read();
    }

    Reply data() throws IOException {
        send("DATA");
        return reply(settings.dataStart());
    }

    /** Sends the message up to its final dot. */
    void message(Content content) throws IOException {
        guard.allow(settings.dataBlock());
        MessageOutput.write(content, out, () -> guard.allow(settings.dataBlock()));
        guard.allow(settings.dataBlock());
        out.flush();
    }

    Reply messageReply() throws IOException {
        return reply(settings.dataEnd());
    }

    boolean timedOut() {
        return guard.expired();
    }

    /** QUIT, without caring much for the answer. */
    void quit() {
        try {
            send("QUIT");
            reply(FAREWELL);
        } catch (IOException e) {
            // All that matters has been answered.
            extensions = Map.of();
        }
    }

    @Override
    public void close() {
        // Closing TLS writes to the socket, which may take time as well.
        guard.allow(FAREWELL);
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is lost: what was to be answered has been.
            extensions = Map.of();
        } finally {
            guard.close();
        }
    }
}
