package org.mailrack.benchmarks.client;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One command at a time, its answer read to the end. */
public final class ImapClient implements Closeable {

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\}$");
    private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
    private static final Pattern MESSAGES = Pattern.compile("MESSAGES (\\d+)");

    private static final int APPENDS_AT_ONCE = 50;

    private final LineConnection connection;
    private int tag;

    /** Connects and logs in. */
    public ImapClient(InetSocketAddress server, String user, String password) throws IOException {
        connection = new LineConnection(server);
        try {
            String greeting = connection.readLine();
            if (!greeting.startsWith("* OK")) {
                throw new IOException("no greeting of IMAP: " + greeting);
            }
            run("LOGIN \"" + user + "\" \"" + password + "\"");
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** The untagged lines, with the literals in them. */
    public List<String> run(String command) throws IOException {
        List<String> lines = new ArrayList<>();
        execute(command, lines);
        return lines;
    }

    /** The number of octets in literals; all is thrown away. */
    public long download(String command) throws IOException {
        return execute(command, null);
    }

    /** The number of messages by STATUS. */
    public int messages(String mailbox) throws IOException {
        for (String line : run("STATUS " + mailbox + " (MESSAGES)")) {
            Matcher matcher = MESSAGES.matcher(line);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new IOException("no answer to STATUS");
    }

    /** Appends a message so many times, many commands at once (RFC 7888: without waiting for the server before each). */
    public void append(String mailbox, byte[] message, int count) throws IOException {
        byte[] head = ("x APPEND " + mailbox + " {" + message.length + "+}\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int left = count; left > 0; left -= APPENDS_AT_ONCE) {
            int some = Math.min(left, APPENDS_AT_ONCE);
            ByteArrayOutputStream commands = new ByteArrayOutputStream();
            for (int i = 0; i < some; i++) {
                commands.writeBytes(head);
                commands.writeBytes(message);
                commands.writeBytes(new byte[] {'\r', '\n'});
            }
            connection.send(commands.toByteArray());
            for (int done = 0; done < some; ) {
                String line = connection.readLine();
                if (line.startsWith("x OK")) {
                    done++;
                } else if (line.startsWith("x ")) {
                    throw new IOException("APPEND: " + line);
                }
            }
        }
    }

    /** Waits for news of the selected mailbox from now on (RFC 2177); until {@link #done} nothing else may be asked. */
    public void idle() throws IOException {
        connection.send("i IDLE");
        String line;
        do {
            line = connection.readLine();
            if (line.startsWith("i ")) {
                throw new IOException("IDLE: " + line);
            }
        } while (!line.startsWith("+"));
    }

    /** Ends the waiting, and asks once for what was not told yet; the number of messages that was told last, or -1. */
    public int done() throws IOException {
        connection.send("DONE\r\nj NOOP");
        int last = -1;
        while (true) {
            String line = connection.readLine();
            Matcher exists = EXISTS.matcher(line);
            if (exists.matches()) {
                last = Integer.parseInt(exists.group(1));
            } else if (line.startsWith("j OK")) {
                return last;
            } else if (line.startsWith("j ") || line.startsWith("i ") && !line.startsWith("i OK")) {
                throw new IOException("IDLE: " + line);
            }
        }
    }

    private long execute(String command, List<String> lines) throws IOException {
        String mark = "a" + ++tag + " ";
        connection.send(mark + command);
        long octets = 0;
        String begun = "";
        while (true) {
            String line = begun + connection.readLine();
            begun = "";
            if (line.startsWith(mark)) {
                if (line.startsWith("OK", mark.length())) {
                    return octets;
                }
                throw new IOException(command.split(" ")[0] + ": " + line);
            }
            if (line.endsWith("}")) {
                Matcher literal = LITERAL.matcher(line);
                if (literal.find()) {
                    long length = Long.parseLong(literal.group(1));
                    octets += length;
                    if (lines == null) {
                        connection.skip(length);
                    } else {
                        begun = line + "\n" + connection.read(length) + "\n";
                        continue;
                    }
                }
            }
            if (lines != null) {
                lines.add(line);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (connection) {
            connection.send("z LOGOUT");
        }
    }
}
