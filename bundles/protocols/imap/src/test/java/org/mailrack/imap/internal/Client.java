package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Protocol;
import org.mailrack.testkit.TestConnection;

/** A client that sends commands and reads their answers. */
final class Client {

    final TestConnection connection;
    final String greeting;
    private int count;

    Client(Protocol protocol) {
        this(TestConnection.open(protocol));
    }

    Client(Protocol protocol, Endpoint endpoint) {
        this(TestConnection.open(protocol, endpoint));
    }

    private Client(TestConnection connection) {
        this.connection = connection;
        this.greeting = connection.read();
    }

    /** Sends a command; returns all lines of the answer, without CRLF, the tagged one last with its tag as "tag". */
    List<String> run(String command) {
        String tag = "t" + ++count;
        connection.feed(tag + ' ' + command + "\r\n");
        String all = connection.awaitOutput(text -> connection.isClosed()
                || text.startsWith("+ ")
                || text.endsWith("\r\n") && lastLine(text).startsWith(tag + ' '));
        assertThat(all).endsWith("\r\n");
        return List.of(all.replace("\r\n" + tag + ' ', "\r\ntag ")
                .replaceFirst("^" + tag + ' ', "tag ")
                .split("\r\n"));
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf("\r\n", text.length() - 3) + 1).stripLeading();
    }

    /** Sends a command that shall succeed; returns the untagged lines. */
    List<String> ok(String command) {
        List<String> lines = run(command);
        assertThat(lines.get(lines.size() - 1)).as(command + " -> " + lines).startsWith("tag OK");
        return lines.subList(0, lines.size() - 1);
    }

    /** Sends a command; returns its last line. */
    String end(String command) {
        List<String> lines = run(command);
        return lines.get(lines.size() - 1);
    }

    /** Sends octets as they are; returns what came back. */
    String raw(String text) {
        connection.feed(text);
        connection.await(() -> !connection.isPaused());
        return connection.read();
    }
}
