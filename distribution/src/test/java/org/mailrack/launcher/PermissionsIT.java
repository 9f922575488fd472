package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user who may only read the installation, and lacks this or that: each is one clear line, and nothing is left half made. Run by
 * root, the tests take the rights of another user; run by anybody else, they take their own away from files.
 */
class PermissionsIT {

    private static final int NOBODY = 65534;
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @TempDir
    static Path installation;

    @TempDir
    Path folder;

    @TempDir
    static Path kept;

    private static Path made;
    private static boolean root;
    private Command command;
    private Path base;

    @BeforeAll
    static void readOnlyInstallation() throws Exception {
        made = kept.resolve("made");
        root = Files.getAttribute(installation, "unix:uid").equals(0);
        Command.Result copied = execute("cp", "-R", Command.PACKAGED.resolve("."), installation);
        assertThat(copied.code()).as(copied.err()).isZero();
        for (String own : List.of("etc", "data", "log")) {
            // Of somebody who tried the packaged rack.
            execute("rm", "-rf", installation.resolve(own));
        }
        execute("chmod", "-R", "a=rX", installation);
    }

    @BeforeEach
    void user() throws IOException {
        List<String> as = List.of();
        if (root) {
            assumeTrue(Files.isExecutable(SETPRIV), "no setpriv to run as another user");
            as = List.of(SETPRIV.toString(), "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
        }
        command = new Command(installation, folder, as);
        mode(folder, "rwxr-xr-x");
        Path home = Files.createDirectory(folder.resolve("home"));
        if (root) {
            Files.setAttribute(home, "unix:uid", NOBODY);
        }
        base = home.resolve("base");
    }

    @AfterAll
    static void removable() throws Exception {
        execute("chmod", "-R", "u+rwX", installation);
    }

    @AfterEach
    void stop() throws Exception {
        command.run(base, "stop");
        // So that the temporary folders can be removed.
        execute("chmod", "-R", "u+rwX", folder);
    }

    @Test
    void anInstallationThatCanOnlyBeReadServesABaseElsewhere() throws Exception {
        TreeMap<String, String> before = contents();
        init();
        Command.Result start = command.run(base, "start");
        assertThat(start.code()).as(start.err()).isZero();
        assertThat(start.err()).isEmpty();
        assertThat(command.run(base, "status").code()).isZero();
        assertThat(command.run(base, "domain", "list").code()).isZero();
        assertThat(command.run(base, "stop").code()).isZero();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aBaseThatCannotBeWrittenIsOneLineAndNothingIsMade() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        mode(closed, "r-xr-xr-x");
        for (Path unwritable : List.of(installation, closed, closed.resolve("below"))) {
            for (List<String> words : List.of(List.of("init"), List.of("run", "--demo"))) {
                refused(
                        command.run(unwritable, words.toArray(String[]::new)),
                        1,
                        "cannot make an instance in " + unwritable + ": permission denied");
            }
        }
        assertThat(command.run(installation, "init").err()).contains("--base DIR");
        assertThat(installation.resolve("etc")).doesNotExist();
        assertThat(closed).isEmptyDirectory();
    }

    @Test
    void noInstanceIsOneLine() throws Exception {
        refused(command.run(base, "run"), 1, "there is no instance in " + base);
        refused(command.run(base, "start"), 1, base + "/etc is missing");
        assertThat(base).doesNotExist();
    }

    @Test
    void dataThatTheUserMayNotLookIntoIsOneLine() throws Exception {
        init();
        Path data = base.resolve("data");
        take(data);
        refused(command.run(base, "run"), 1, "cannot write to " + data + ": permission denied");
        refused(command.run(base, "start"), 1, "cannot write to " + data + ": permission denied");
        refused(command.run(base, "user", "list"), 1, "only the owner of " + data);
        refused(command.run(base, "status"), LauncherException.UNKNOWN, "only the owner of " + data);
        assertThat(command.run(base, "help").code()).isZero();
        give(data);
        assertThat(command.run(base, "status").code()).isEqualTo(LauncherException.NOT_RUNNING);
    }

    /** What root writes to another user's data once, that user's server cannot read any more. */
    @Test
    void rootIsToldWhoseDataItIs() throws Exception {
        assumeTrue(root, "only root can try");
        init();
        Command asRoot = new Command(installation, folder, List.of());
        for (String how : List.of("run", "start")) {
            refused(asRoot.run(base, how), 1, base.resolve("data") + " belongs to the user ", "not as root");
        }
        try (Stream<Path> files = Files.walk(base)) {
            assertThat(files).allSatisfy(file -> assertThat(Files.getAttribute(file, "unix:uid"))
                    .isEqualTo(NOBODY));
        }
    }

    @Test
    void aFileThatCannotBeReadIsOneLineThatNamesIt() throws Exception {
        init();
        Path tls = base.resolve("etc/tls");
        Files.createDirectories(tls);
        Files.writeString(tls.resolve("cert.pem"), "certificate");
        Files.writeString(tls.resolve("key.pem"), "key");
        for (String name : List.of(
                "mailrack.cfg",
                "logback.xml",
                "org.mailrack.directory.cfg",
                "org.mailrack.transport.endpoint-smtp.cfg",
                "tls/key.pem")) {
            Path file = base.resolve("etc").resolve(name);
            take(file);
            refused(command.run(base, "run"), 1, "cannot read " + file);
            give(file);
        }
        take(tls);
        refused(command.run(base, "start"), 1, "cannot read " + tls.resolve("cert.pem") + ": permission denied");
        give(tls);
        take(base.resolve("etc"));
        refused(command.run(base, "start"), 1, "cannot read the folder " + base.resolve("etc"));
        give(base.resolve("etc"));
        assertThat(command.run(base, "status").code()).isEqualTo(LauncherException.NOT_RUNNING);
    }

    /** Its time and size are the same when only the permission was missing. */
    @Test
    void aKeyThatBecomesReadableWhileTheServerRunsIsUsed() throws Exception {
        init();
        assertThat(command.run(base, "start").code()).isZero();
        X509Certificate own = certificate();
        Path tls = Files.createDirectories(base.resolve("etc/tls"));
        Path key = tls.resolve("key.pem");
        Files.copy(base.resolve("data/tls/key.pem"), key);
        take(key);
        Files.copy(base.resolve("data/tls/cert.pem"), tls.resolve("cert.pem"));
        if (root) {
            Files.setAttribute(tls.resolve("cert.pem"), "unix:uid", NOBODY);
        }
        until("certificate not usable file=" + tls.resolve("cert.pem")
                + " keeping='certificate used before' reason=permission denied: " + key);
        give(key);
        until("certificate in use file=" + tls.resolve("cert.pem"));
        assertThat(certificate()).isEqualTo(own);
    }

    /** Connects again and again, because the server looks at its files when a client begins TLS. */
    private void until(String logged) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        do {
            certificate();
            if (Files.readString(base.resolve("log/mailrack.log")).contains(logged)) {
                return;
            }
        } while (System.nanoTime() < end);
        assertThat(base.resolve("log/mailrack.log")).content().contains(logged);
    }

    private X509Certificate certificate() throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new TrustAnybody()}, null);
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), Command.port(base, "imaps"))) {
            socket.setSoTimeout(30_000);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void aPortThatNeedsAPrivilegeIsOneLineThatNamesTheSetting() throws Exception {
        assumeTrue(firstPortOfAnybody() > 110, "any user may listen on port 110 here");
        init();
        Path endpoint = base.resolve("etc/org.mailrack.transport.endpoint-pop3.cfg");
        Files.writeString(endpoint, Files.readString(endpoint).replaceAll("(?m)^port=.*$", "port=110"));
        refused(
                command.run(base, "start"),
                1,
                "port 110 on 127.0.0.1 needs a privilege",
                "setting port in org.mailrack.transport.endpoint-pop3.cfg");
        assertThat(command.run(base, "status").code()).isEqualTo(LauncherException.NOT_RUNNING);
    }

    private static int firstPortOfAnybody() throws IOException {
        Path setting = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        if (!Files.exists(setting)) {
            return 1024;
        }
        // In one read: such a file gives nothing to a second one.
        try (BufferedReader reader = Files.newBufferedReader(setting)) {
            return Integer.parseInt(reader.readLine().strip());
        }
    }

    /** By the command the first time, and then by a copy, which is quicker. */
    private void init() throws Exception {
        if (Files.exists(made)) {
            assertThat(execute("cp", "-Rp", made, base).code()).isZero();
            return;
        }
        Command.Result init = command.run(
                base,
                "init",
                "--hostname",
                "hamburger.edu",
                "--domain",
                "hamburger.edu",
                "--port-offset",
                Integer.toString(Command.offset()));
        assertThat(init.code()).as(init.err()).isZero();
        assertThat(init.err()).isEmpty();
        assertThat(execute("cp", "-Rp", base, made).code()).isZero();
    }

    private static void refused(Command.Result result, int code, String... sentences) {
        assertThat(result.err()).hasLineCount(1).startsWith("mailrack: ").contains(sentences);
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(code);
    }

    /** Takes all rights from the user. */
    private static void take(Path path) throws IOException {
        if (root) {
            Files.setAttribute(path, "unix:uid", 0);
            mode(path, Files.isDirectory(path) ? "rwx------" : "rw-------");
        } else {
            mode(path, "---------");
        }
    }

    private static void give(Path path) throws IOException {
        if (root) {
            Files.setAttribute(path, "unix:uid", NOBODY);
        }
        mode(path, Files.isDirectory(path) ? "rwx------" : "rw-------");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static TreeMap<String, String> contents() throws IOException {
        TreeMap<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(installation)) {
            for (Path file : files.toList()) {
                found.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return found;
    }

    private static Command.Result execute(Object... words) throws Exception {
        Process process = new ProcessBuilder(
                        Stream.of(words).map(Object::toString).toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Command.Result(process.waitFor(), said, said);
    }

    private static final class TrustAnybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
