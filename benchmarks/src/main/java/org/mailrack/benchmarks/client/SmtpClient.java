package org.mailrack.benchmarks.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Sends one mail over a connection of its own. */
public final class SmtpClient {

    private SmtpClient() {}

    /** Returns when the server has answered 250 to the message. */
    public static void send(InetSocketAddress server, String from, String to, String message) throws IOException {
        try (LineConnection connection = new LineConnection(server)) {
            expect(connection, "220");
            connection.send("EHLO client.example.net");
            expect(connection, "250");
            connection.send("MAIL FROM:<" + from + ">");
            expect(connection, "250");
            connection.send("RCPT TO:<" + to + ">");
            expect(connection, "250");
            connection.send("DATA");
            expect(connection, "354");
            connection.send((message + ".\r\n").getBytes(StandardCharsets.US_ASCII));
            expect(connection, "250");
            connection.send("QUIT");
        }
    }

    private static void expect(LineConnection connection, String code) throws IOException {
        String line;
        do {
            line = connection.readLine();
            if (!line.startsWith(code)) {
                throw new IOException("expected " + code + " and got: " + line);
            }
        } while (line.startsWith(code + "-"));
    }
}
