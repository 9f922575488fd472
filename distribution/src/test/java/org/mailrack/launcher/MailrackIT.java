package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged rack by its command, as an operator uses it. */
class MailrackIT {

    private static final Path BIN = Path.of("target/mailrack/bin/mailrack").toAbsolutePath();
    private static final long MINUTES = 2;

    record Result(int code, String out, String err) {}

    @TempDir
    Path folder;

    private Path base;

    @BeforeEach
    void init() throws Exception {
        base = folder.resolve("base");
        Result init = mailrack(
                "init",
                "--hostname",
                "hamburger.edu",
                "--domain",
                "hamburger.edu",
                "--port-offset",
                Integer.toString(offset()));
        assertThat(init.code()).as(init.err()).isZero();
    }

    @AfterEach
    void stop() throws Exception {
        mailrack("stop");
    }

    @Test
    void startsServesAndStops() throws Exception {
        assertThat(mailrack("status").code()).isEqualTo(3);
        Result none = mailrack("bundle", "list");
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.err()).contains("no server is running on " + base);

        Result start = mailrack("start");
        assertThat(start.code()).as(start.err()).isZero();
        assertThat(mailrack("status").code()).isZero();
        try (Socket smtp = new Socket(InetAddress.getLoopbackAddress(), port("smtp"))) {
            smtp.setSoTimeout(30_000);
            String greeting = new BufferedReader(
                            new InputStreamReader(smtp.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            assertThat(greeting).startsWith("220 hamburger.edu");
        }

        Result second = mailrack("start");
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.err()).contains("is running on " + base + " already").hasLineCount(1);

        commands();

        Result stop = mailrack("stop");
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

        Result unknown = mailrack("frobnicate");
        assertThat(unknown.code()).isEqualTo(127);
        assertThat(unknown.err()).contains("unknown command frobnicate");
        Result wrong = mailrack("bundle", "stop", "no.such");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("no.such").hasLineCount(1);

        Result added = mailrack("a long secret\n", "user", "add", "bob@hamburger.edu", "--password-stdin");
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(mailrack("user", "list", "--json").out().strip()).isEqualTo("[{\"address\":\"bob@hamburger.edu\"}]");
        assertThat(Files.readString(base.resolve("log/mailrack.log"))).doesNotContain("a long secret");

        Result stopped = mailrack("bundle", "stop", "org.mailrack.pop3");
        assertThat(stopped.code()).as(stopped.err()).isZero();
        assertThat(mailrack("endpoint", "list").out()).contains("waiting");
        assertThat(mailrack("bundle", "start", "org.mailrack.pop3").code()).isZero();
        Result updated = mailrack("bundle", "update", "org.mailrack.pop3");
        assertThat(updated.code()).as(updated.err()).isZero();
        assertThat(mailrack("log", "tail", "-n", "3").out()).hasLineCount(3);
    }

    @Test
    void aPortInUseIsOneLineThatNamesTheSetting() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", port("imap")));
            Result start = mailrack("start");
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
        Result run = mailrack("run");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("org.mailrack.smtp").contains("max.message.size");
        Files.delete(smtp);

        Path endpoint = base.resolve("etc/org.mailrack.transport.endpoint-imap.cfg");
        String text = Files.readString(endpoint);
        Files.writeString(endpoint, text.replaceAll("(?m)^port=.*$", "port=abc"));
        Result start = mailrack("start");
        assertThat(start.code()).isEqualTo(1);
        assertThat(start.err()).contains("imap").contains("port");
        Files.writeString(endpoint, text);

        Path launcher = base.resolve("etc/mailrack.cfg");
        String settings = Files.readString(launcher);
        Files.writeString(launcher, settings.replaceAll("(?m)^java.heap=.*$", "java.heap=much"));
        Result heap = mailrack("run");
        assertThat(heap.code()).isEqualTo(1);
        assertThat(heap.err()).hasLineCount(1).contains(launcher.toString()).contains("java.heap=much");
        Files.writeString(launcher, settings);
    }

    @Test
    void aSignalStopsTheForegroundServerWithExitCodeZero() throws Exception {
        Process server = process("run").redirectErrorStream(true).start();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).contains("ready in");
            server.destroy();
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
        Result init = mailrack("init", "--hostname", "hamburger.edu");
        assertThat(init.code()).isZero();
        assertThat(init.err())
                .contains("not prepared")
                .contains(base.resolve("data/db").toString());
        assertThat(init.out()).contains("start it with");
        assertThat(base.resolve("data")).isDirectoryNotContaining("glob:**/classes-*.jsa");
        assertThat(mailrack("status").code()).isEqualTo(3);
    }

    private int port(String endpoint) {
        return Integer.parseInt(Instance.load(base.resolve("etc").resolve(Instance.ENDPOINT_PREFIX + endpoint + ".cfg"))
                .getProperty("port"));
    }

    /** An offset with which all ports are free now. */
    private static int offset() throws IOException {
        for (int offset = 20_000; offset < 30_000; offset += 997) {
            boolean free = true;
            for (EndpointDefaults endpoint : EndpointDefaults.ALL) {
                try (ServerSocket probe = new ServerSocket()) {
                    probe.bind(new InetSocketAddress("127.0.0.1", endpoint.port() + offset));
                } catch (IOException e) {
                    free = false;
                }
            }
            if (free) {
                return offset;
            }
        }
        throw new IOException("no free ports");
    }

    private ProcessBuilder process(String... words) {
        List<String> command = new ArrayList<>(List.of(BIN.toString(), "--base", base.toString()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    private Result mailrack(String... words) throws Exception {
        boolean input = words[0].endsWith("\n");
        String[] command = input ? Stream.of(words).skip(1).toArray(String[]::new) : words;
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        Process process = process(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
            if (input) {
                stdin.write(words[0].getBytes(StandardCharsets.UTF_8));
            }
        }
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("hangs: " + List.of(command));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
