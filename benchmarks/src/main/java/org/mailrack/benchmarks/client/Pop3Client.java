package org.mailrack.benchmarks.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A session that has logged in; one command at a time, as most clients do. */
public final class Pop3Client implements Closeable {

    private final LineConnection connection;

    /** Connects and logs in. */
    public Pop3Client(InetSocketAddress server, String user, String password) throws IOException {
        connection = new LineConnection(server);
        try {
            ok(connection.readLine());
            run("USER " + user);
            run("PASS " + password);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private String run(String command) throws IOException {
        connection.send(command);
        return ok(connection.readLine());
    }

    private static String ok(String line) throws IOException {
        if (!line.startsWith("+OK")) {
            throw new IOException("POP3: " + line);
        }
        return line;
    }

    /** How many messages there are. */
    public int messages() throws IOException {
        return Integer.parseInt(run("STAT").split(" ")[1]);
    }

    /** Reads a message and throws it away; gives its octets without line ends. */
    public long retrieve(int number) throws IOException {
        run("RETR " + number);
        long octets = 0;
        int length = connection.readRawLine();
        while (!connection.lineIs(length, '.')) {
            octets += length;
            length = connection.readRawLine();
        }
        return octets;
    }

    @Override
    public void close() throws IOException {
        try (connection) {
            run("QUIT");
        }
    }
}
