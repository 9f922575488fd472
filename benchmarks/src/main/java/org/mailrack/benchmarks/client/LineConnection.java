package org.mailrack.benchmarks.client;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A connection of lines that end in CRLF. Nothing waits longer than two minutes. */
final class LineConnection implements Closeable {

    private static final int TIMEOUT_MILLIS = 120_000;
    private static final int MAX_LINE = 1 << 20;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private byte[] line = new byte[256];

    LineConnection(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(address, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 65536);
        out = socket.getOutputStream();
    }

    void send(String text) throws IOException {
        send((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] octets) throws IOException {
        out.write(octets);
        out.flush();
    }

    /** The next line without its end. */
    String readLine() throws IOException {
        int length = readRawLine();
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** The length of the next line without its end; {@link #lineIs} looks at it. */
    int readRawLine() throws IOException {
        int length = 0;
        int octet;
        while ((octet = in.read()) != '\n') {
            if (octet < 0) {
                throw new EOFException("the server has closed the connection");
            }
            if (length == MAX_LINE) {
                throw new IOException("a line without an end");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = (byte) octet;
        }
        return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    }

    boolean lineIs(int length, char only) {
        return length == 1 && line[0] == only;
    }

    String read(long octets) throws IOException {
        if (octets > MAX_LINE) {
            throw new IOException("a literal of " + octets + " octets");
        }
        return new String(in.readNBytes((int) octets), StandardCharsets.ISO_8859_1);
    }

    void skip(long octets) throws IOException {
        in.skipNBytes(octets);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
