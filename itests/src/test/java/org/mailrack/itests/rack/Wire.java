package org.mailrack.itests.rack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A line-based client that sends what a test writes, letter for letter. */
public final class Wire implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    public static Wire connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        socket.setSoTimeout(20_000);
        return new Wire(socket);
    }

    /** Sends octets as they are. */
    public void raw(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    public void send(String line) throws IOException {
        raw(line + "\r\n");
    }

    /** The next line, or null at the end of the stream. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                assertThat(line).as("a line ends with CRLF").endsWith("\r");
                return line.substring(0, line.length() - 1);
            }
            line.append((char) c);
        }
        return line.isEmpty() ? null : line.toString();
    }

    /** Reads one line and checks how it begins. */
    public String expect(String prefix) throws IOException {
        String line = line();
        assertThat(line).startsWith(prefix);
        return line;
    }

    public String exchange(String line, String expectedPrefix) throws IOException {
        send(line);
        return expect(expectedPrefix);
    }

    /** Reads an SMTP reply of one or more lines. */
    public List<String> reply(String code) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(expect(code));
        } while (lines.get(lines.size() - 1).startsWith(code + "-"));
        return lines;
    }

    /** Reads lines until a lone dot (RFC 1939 section 3), the dots of stuffed lines taken off. */
    public List<String> untilDot() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !".".equals(line); line = line()) {
            assertThat(line).as("a line before the final dot").isNotNull();
            lines.add(line.startsWith(".") ? line.substring(1) : line);
        }
        return lines;
    }

    /** Reads IMAP responses up to the tagged one, which must be OK. */
    public List<String> untilOk(String tag) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = line();
        for (; line != null && !line.startsWith(tag + " "); line = line()) {
            lines.add(line);
        }
        assertThat(line).startsWith(tag + " OK");
        lines.add(line);
        return lines;
    }

    /** Drops the connection without a word. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
