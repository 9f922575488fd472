package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged rack by its command, as an operator uses it. */
class MailrackIT {

    private static final long MINUTES = 2;

    @TempDir
    Path folder;

    private Command command;
    private Path base;

    @BeforeEach
    void init() throws Exception {
        command = new Command(Command.PACKAGED, folder, List.of());
        base = folder.resolve("base");
        Command.Result init = mailrack(
                "init",
                "--hostname",
                "hamburger.edu",
                "--domain",
                "hamburger.edu",
                "--port-offset",
                Integer.toString(Command.offset()));
        assertThat(init.code()).as(init.err()).isZero();
    }

    @AfterEach
    void stop() throws Exception {
        mailrack("stop");
    }

    @Test
    void startsServesAndStops() throws Exception {
        assertThat(mailrack("status").code()).isEqualTo(3);
        Command.Result none = mailrack("bundle", "list");
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.err()).contains("no server is running on " + base);

        Command.Result start = mailrack("start");
        assertThat(start.code()).as(start.err()).isZero();
        assertThat(mailrack("status").code()).isZero();
        try (Socket smtp = new Socket(InetAddress.getLoopbackAddress(), port("smtp"))) {
            smtp.setSoTimeout(30_000);
            String greeting = new BufferedReader(
                            new InputStreamReader(smtp.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            assertThat(greeting).startsWith("220 hamburger.edu");
        }

        Command.Result second = mailrack("start");
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.err()).contains("is running on " + base + " already").hasLineCount(1);

        commands();

        Command.Result stop = mailrack("stop");
        assertThat(stop.code()).as(stop.err()).isZero();
        assertThat(mailrack("status").code()).isEqualTo(3);
        try (Stream<Path> left = Files.list(base.resolve("data"))) {
            assertThat(left.map(path -> path.getFileName().toString())).doesNotContain("control.sock", "mailrack.pid");
        }
    }

    private void commands() throws Exception {
        assertThat(mailrack("bundle", "list", "--json").out())
                .startsWith("[{\"id\":0,\"symbolicName\":\"org.apache.felix.framework\",\"version\":")
                .contains("\"state\":\"ACTIVE\"");
        assertThat(mailrack("feature", "list").out()).contains("smtp").contains("active");
        assertThat(mailrack("endpoint", "list").out()).contains("accepting").doesNotContain("waiting");
        assertThat(mailrack("help").out()).contains("bundle").contains("user").contains("queue");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(base.resolve("data").resolve("control.sock"))))
                .isEqualTo("rw-------");

        Command.Result usage = mailrack("init", "--help");
        assertThat(usage.code()).isZero();
        assertThat(usage.out()).startsWith("usage: mailrack").contains("Commands of the server");
        Command.Result unknown = mailrack("frobnicate");
        assertThat(unknown.code()).isEqualTo(127);
        assertThat(unknown.err()).contains("unknown command frobnicate");
        Command.Result wrong = mailrack("bundle", "stop", "no.such");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("no.such").hasLineCount(1);

        Command.Result added = mailrack("a long secret\n", "user", "add", "bob@hamburger.edu", "--password-stdin");
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(mailrack("user", "list", "--json").out().strip()).isEqualTo("[{\"address\":\"bob@hamburger.edu\"}]");
        assertThat(Files.readString(base.resolve("log/mailrack.log"))).doesNotContain("a long secret");

        Command.Result stopped = mailrack("bundle", "stop", "org.mailrack.pop3");
        assertThat(stopped.code()).as(stopped.err()).isZero();
        assertThat(mailrack("endpoint", "list").out()).contains("waiting");
        assertThat(mailrack("bundle", "start", "org.mailrack.pop3").code()).isZero();
        Command.Result updated = mailrack("bundle", "update", "org.mailrack.pop3");
        assertThat(updated.code()).as(updated.err()).isZero();
        assertThat(mailrack("log", "tail", "-n", "3").out()).hasLineCount(3);
    }

    @Test
    void aPortInUseIsOneLineThatNamesTheSetting() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", port("imap")));
            Command.Result start = mailrack("start");
            assertThat(start.code()).isEqualTo(1);
            assertThat(start.err())
                    .hasLineCount(1)
                    .contains(Integer.toString(port("imap")))
                    .contains("imap");
            assertThat(mailrack("status").code()).isEqualTo(3);
        }
    }

    @Test
    void aDamagedSettingIsOneLineThatNamesFileAndSetting() throws Exception {
        Path smtp = base.resolve("etc/org.mailrack.smtp.cfg");
        Files.writeString(smtp, "max.message.size=abc\n");
        Command.Result run = mailrack("run");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("org.mailrack.smtp").contains("max.message.size");
        Files.delete(smtp);

        Path endpoint = base.resolve("etc/org.mailrack.transport.endpoint-imap.cfg");
        String text = Files.readString(endpoint);
        Files.writeString(endpoint, text.replaceAll("(?m)^port=.*$", "port=abc"));
        Command.Result start = mailrack("start");
        assertThat(start.code()).isEqualTo(1);
        assertThat(start.err()).contains("imap").contains("port");
        Files.writeString(endpoint, text);

        Path launcher = base.resolve("etc/mailrack.cfg");
        String settings = Files.readString(launcher);
        Files.writeString(launcher, settings.replaceAll("(?m)^java.heap=.*$", "java.heap=much"));
        Command.Result heap = mailrack("run");
        assertThat(heap.code()).isEqualTo(1);
        assertThat(heap.err()).hasLineCount(1).contains(launcher.toString()).contains("java.heap=much");
        Files.writeString(launcher, settings);
    }

    @Test
    void aSignalStopsTheForegroundServerWithExitCodeZero() throws Exception {
        Process server = process("run").redirectErrorStream(true).start();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).contains("ready in");
            String last;
            do {
                last = out.readLine();
            } while (!last.startsWith("Stop with Ctrl-C."));
            // Not the process's own method, which also closes its output.
            server.toHandle().destroy();
            assertThat(out.lines()).as("what it says while it stops").isEmpty();
            assertThat(server.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(server.exitValue()).isZero();
        } finally {
            server.destroyForcibly();
        }
        assertThat(mailrack("status").code()).isEqualTo(3);
    }

    @Test
    void initPreparesTheDatabaseAndTheClassesForTheFirstStart() throws Exception {
        assertThat(base.resolve("data/db/service.properties")).exists();
        assertThat(base.resolve("data")).isDirectoryContaining("glob:**/classes-*.jsa");
        assertThat(base.resolve("data/db.creating")).doesNotExist();
        // Left to the first start, which may find other settings.
        assertThat(base.resolve("data/tls")).doesNotExist();
        assertThat(base.resolve("data/tmp/prepare")).doesNotExist();
        assertThat(base.resolve("log/mailrack.log")).doesNotExist();
        assertThat(mailrack("status").code()).isEqualTo(3);
    }

    @Test
    void anInstanceThatCannotBePreparedIsMadeNevertheless() throws Exception {
        base = folder.resolve("unprepared");
        Files.createDirectories(base.resolve("data"));
        Files.writeString(base.resolve("data/db"), "no database");
        Command.Result init = mailrack("init", "--hostname", "hamburger.edu");
        assertThat(init.code()).isZero();
        assertThat(init.err())
                .contains("not prepared")
                .contains(base.resolve("data/db").toString());
        assertThat(init.out()).contains("start it with");
        assertThat(base.resolve("data/classes.incomplete")).exists();
        assertThat(mailrack("status").code()).isEqualTo(3);
    }

    @Test
    void anArchiveOfTheClassesOfAStartThatFailedIsMadeAnew() throws Exception {
        Path data = base.resolve("data");
        Path archive;
        try (Stream<Path> found = Files.list(data)) {
            archive = found.filter(file -> file.toString().endsWith(".jsa"))
                    .findFirst()
                    .orElseThrow();
        }
        long whole = Files.size(archive);
        Files.delete(archive);
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", port("imap")));
            assertThat(mailrack("run").code()).isEqualTo(1);
        }
        assertThat(data.resolve("classes.incomplete")).exists();

        // Not the classes of a container that was set up only: stopped once it is ready.
        assertThat(mailrack("start").code()).isZero();
        assertThat(data.resolve("classes.incomplete")).doesNotExist();
        assertThat(archive).doesNotExist();
        assertThat(mailrack("stop").code()).isZero();
        assertThat(Files.size(archive)).isGreaterThan(whole / 2);
    }

    private ProcessBuilder process(String... words) {
        return command.process(base, words);
    }

    private Command.Result mailrack(String... words) throws Exception {
        return command.run(base, words);
    }

    private int port(String endpoint) {
        return Command.port(base, endpoint);
    }
}
