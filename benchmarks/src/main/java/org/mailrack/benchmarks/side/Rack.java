package org.mailrack.benchmarks.side;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The packaged rack with the settings that {@code init} makes. */
public final class Rack implements Side {

    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 60;
    private static final int USERS_PER_CALL = 500;

    private final Path command;
    private final Path base;
    private final int offset;
    private final String javaOptions;
    private Process process;

    /** @param offset of the ports, 0 for the standard ones */
    public Rack(Path home, Path base, int offset, String javaOptions) throws IOException {
        this.command = home.resolve("bin/mailrack");
        this.base = base;
        this.offset = offset;
        this.javaOptions = javaOptions;
        if (!Files.exists(base.resolve("etc"))) {
            mailrack(
                    START_SECONDS,
                    "",
                    "init",
                    "--hostname",
                    "mail." + DOMAIN,
                    "--domain",
                    DOMAIN,
                    "--port-offset",
                    "" + offset);
            append("etc/org.mailrack.directory.cfg", "plaintext.loopback=true\n");
            if (!javaOptions.isEmpty()) {
                append("etc/mailrack.cfg", "java.options=" + javaOptions + "\n");
            }
        }
    }

    private void append(String file, String text) throws IOException {
        Files.writeString(base.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void mailrack(int seconds, String input, String... words) throws IOException {
        List<String> line = new ArrayList<>(List.of(command.toString(), "--base", base.toString()));
        line.addAll(List.of(words));
        Shell.run(seconds, input, line);
    }

    @Override
    public String name() {
        return "mailrack";
    }

    @Override
    public String version() throws IOException {
        return Shell.output(START_SECONDS, "", List.of(command.toString(), "version"));
    }

    @Override
    public String durability() {
        return "one force of the content log per group of mails, before their 250";
    }

    @Override
    public String settings() {
        return "defaults of init; plaintext.loopback=true so that the clients need no TLS"
                + (javaOptions.isEmpty() ? "" : "; java.options=" + javaOptions);
    }

    @Override
    public void addUsers(List<String> users) throws IOException {
        for (int i = 0; i < users.size(); i += USERS_PER_CALL) {
            List<String> some = users.subList(i, Math.min(users.size(), i + USERS_PER_CALL));
            List<String> words = new ArrayList<>(List.of("user", "add", "--password-stdin"));
            some.forEach(user -> words.add(user + "@" + DOMAIN));
            mailrack(300, (PASSWORD + "\n").repeat(some.size()), words.toArray(String[]::new));
        }
    }

    @Override
    public void start() throws IOException {
        process = Shell.start(
                base.resolve("log/console.log"), List.of(command.toString(), "--base", base.toString(), "run"));
        Shell.await(smtp(), START_SECONDS);
        Shell.await(imap(), START_SECONDS);
        Shell.await(pop3(), START_SECONDS);
        Shell.await(UnixDomainSocketAddress.of(base.resolve("data/control.sock")), START_SECONDS);
    }

    @Override
    public void stop() throws IOException {
        if (process != null) {
            Process running = process;
            process = null;
            Shell.end(running.toHandle(), STOP_SECONDS);
        }
    }

    @Override
    public InetSocketAddress smtp() {
        return Shell.local(offset + 25);
    }

    @Override
    public InetSocketAddress imap() {
        return Shell.local(offset + 143);
    }

    @Override
    public InetSocketAddress pop3() {
        return Shell.local(offset + 110);
    }

    @Override
    public Collection<Long> processes() {
        return process == null ? List.of() : List.of(process.pid());
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
