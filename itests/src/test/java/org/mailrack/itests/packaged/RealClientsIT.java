package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.rack.Clients;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;

/**
 * The programs that people use, as far as they are installed on this machine; each verifies the server's certificate. A test whose
 * program is missing is skipped, and says so.
 */
class RealClientsIT {

    private static final String PASSWORD = "pickles 4 all";

    @TempDir
    static Path temp;

    private static Rack rack;
    private static Path certificate;

    @BeforeAll
    static void start() throws Exception {
        rack = Rack.init(
                        Installation.copyTo(temp.resolve("home")),
                        temp.resolve("base"),
                        "--hostname",
                        "hamburger.edu",
                        "--domain",
                        "hamburger.edu")
                .start();
        // Made at the first TLS connection.
        certificate = rack.base().resolve("data/tls/cert.pem");
        rack.addUser("first@hamburger.edu", PASSWORD);
        Clients.imap(rack.port(143), "first@hamburger.edu", PASSWORD).close();
        assertThat(certificate).exists();
    }

    @AfterAll
    static void stop() {
        if (rack != null) {
            rack.close();
        }
    }

    /** Submission with STARTTLS and with TLS from the first octet, AUTH PLAIN and LOGIN. */
    @Test
    void swaks(TestInfo test) throws Exception {
        Path home = client(test, "swaks");
        assumeTrue(
                !run(home, "swaks", "--support").out().contains("TLS not available"),
                "swaks has no TLS here: NOT tried");
        String account = account("swaks");
        for (List<String> how : List.of(
                List.of("--port", port(587), "--tls", "--auth", "PLAIN"),
                List.of("--port", port(465), "--tls-on-connect", "--auth", "LOGIN"))) {
            Stream<String> always = Stream.of(
                    "swaks",
                    "--server",
                    "localhost",
                    "--tls-ca-path",
                    certificate.toString(),
                    "--tls-verify",
                    "--auth-user",
                    account,
                    "--auth-password",
                    PASSWORD,
                    "--from",
                    account,
                    "--to",
                    account,
                    "--h-Subject",
                    "swaks " + how.get(1));
            run(home, Stream.concat(always, how.stream()).toArray(String[]::new))
                    .ok();
        }
        try (Store imap = Clients.imap(rack.port(143), account, PASSWORD)) {
            assertThat(Clients.inbox(imap, 2))
                    .extracting(Message::getSubject)
                    .containsExactlyInAnyOrder("swaks " + port(587), "swaks " + port(465));
        }
    }

    /** Flags, new messages, new folders and removals go both ways. */
    @Test
    void mbsync(TestInfo test) throws Exception {
        Path home = client(test, "mbsync");
        String account = account("mbsync");
        deliver(account, "one", "two");
        Path maildir = Files.createDirectory(home.resolve("mail"));
        Path settings = Files.writeString(
                home.resolve("rc"), """
                IMAPAccount rack
                Host localhost
                Port %s
                User %s
                Pass "%s"
                SSLType IMAPS
                CertificateFile %s

                IMAPStore far
                Account rack

                MaildirStore near
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :far:
                Near :near:
                Patterns *
                Create Both
                Remove Both
                Expunge Both
                SyncState *
                """.formatted(port(993), account, PASSWORD, certificate, maildir, maildir));
        String[] sync = {"mbsync", "--config", settings.toString(), "all"};
        run(home, sync).ok();
        Path inbox = maildir.resolve("INBOX");
        assertThat(messages(inbox)).hasSize(2);

        Path one = containing(inbox, "Subject: one");
        String name = one.getFileName().toString();
        Files.move(one, inbox.resolve("cur").resolve(name.substring(0, name.indexOf(":2,")) + ":2,FS"));
        Path recipes = maildir.resolve("Recipes");
        for (String folder : List.of("cur", "new", "tmp")) {
            Files.createDirectories(recipes.resolve(folder));
        }
        Files.writeString(recipes.resolve("new/1.M1P1.here"), "Subject: pickles\n\nin vinegar\n");
        run(home, sync).ok();
        try (Store imap = Clients.imap(rack.port(143), account, PASSWORD)) {
            Folder there = imap.getFolder("INBOX");
            there.open(Folder.READ_WRITE);
            Message first = there.getMessage(1);
            assertThat(first.getSubject()).isEqualTo("one");
            assertThat(first.isSet(Flags.Flag.SEEN)).isTrue();
            assertThat(first.isSet(Flags.Flag.FLAGGED)).isTrue();
            assertThat(imap.getFolder("Recipes").getMessageCount()).isEqualTo(1);
            there.getMessage(2).setFlag(Flags.Flag.ANSWERED, true);
            first.setFlag(Flags.Flag.DELETED, true);
            there.close(true);
        }
        run(home, sync).ok();
        assertThat(messages(inbox))
                .singleElement()
                .satisfies(two -> assertThat(two.getFileName().toString()).endsWith(":2,R"))
                .satisfies(two -> assertThat(Files.readString(two)).contains("Subject: two"));
    }

    /** POP3 with TLS from the first octet, left on the server and known again by UIDL; then with STLS, and deleted. */
    @Test
    void fetchmail(TestInfo test) throws Exception {
        Path home = client(test, "fetchmail");
        String account = account("fetchmail");
        deliver(account, "one", "two");
        Path got = home.resolve("got");
        String rest = " user \"%s\" pass \"%s\" %s sslcertfile \"%s\" sslcertck mda \"cat >> %s\" ";
        Path settings = home.resolve("rc");
        Files.createFile(settings, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String[] fetch = {
            "fetchmail",
            "--fetchmailrc",
            settings.toString(),
            "--pidfile",
            home.resolve("pid").toString(),
            "--nosyslog"
        };
        Files.writeString(
                settings,
                "poll localhost service " + port(995) + " proto POP3 uidl"
                        + rest.formatted(account, PASSWORD, "ssl", certificate, got) + "keep\n");
        run(home, fetch).ok();
        assertThat(Files.readString(got)).contains("Subject: one", "Subject: two");
        // 1: there is no new mail.
        assertThat(run(home, fetch).exit()).isEqualTo(1);

        deliver(account, "three");
        Files.writeString(
                settings,
                "poll localhost service " + port(110) + " proto POP3 uidl"
                        + rest.formatted(account, PASSWORD, "sslproto TLS1.2+", certificate, got)
                        + "fetchall nokeep\n");
        run(home, fetch).ok();
        assertThat(Files.readString(got)).contains("Subject: three");
        try (Store imap = Clients.imap(rack.port(143), account, PASSWORD)) {
            assertThat(imap.getFolder("INBOX").getMessageCount()).isZero();
        }
    }

    @Test
    void offlineImap(TestInfo test) throws Exception {
        Path home = client(test, "offlineimap");
        String account = account("offlineimap");
        deliver(account, "one", "two");
        Path maildir = home.resolve("mail");
        Path settings = Files.writeString(home.resolve("rc"), """
                [general]
                accounts = A
                metadata = %s
                [Account A]
                localrepository = Near
                remoterepository = Far
                [Repository Near]
                type = Maildir
                localfolders = %s
                [Repository Far]
                type = IMAP
                remotehost = localhost
                remoteport = %s
                ssl = yes
                sslcacertfile = %s
                remoteuser = %s
                remotepass = %s
                """.formatted(
                        home.resolve("state"), maildir, port(993), certificate, account, PASSWORD));
        String[] sync = {"offlineimap", "-c", settings.toString(), "-o"};
        run(home, sync).ok();
        Path inbox = maildir.resolve("INBOX");
        assertThat(messages(inbox)).hasSize(2);
        Files.delete(containing(inbox, "Subject: one"));
        run(home, sync).ok();
        try (Store imap = Clients.imap(rack.port(143), account, PASSWORD)) {
            assertThat(Clients.inbox(imap, 1)).extracting(Message::getSubject).containsExactly("two");
        }
    }

    /** Flags one message, copies another and deletes it, by the keys that a user types. */
    @Test
    void neomutt(TestInfo test) throws Exception {
        Path home = client(test, "neomutt");
        // Which gives it a terminal.
        client(test, "script");
        String account = account("neomutt");
        deliver(account, "one", "two");
        Path settings = Files.writeString(home.resolve("rc"), """
                set folder="imap://localhost:%s/"
                set imap_user="%s"
                set imap_pass="%s"
                set spoolfile="+INBOX"
                set ssl_starttls=yes
                set ssl_force_tls=yes
                set certificate_file="%s"
                set ssl_usesystemcerts=no
                set sort=mailbox-order
                set mark_old=no
                set delete=yes
                set quit=yes
                set confirmappend=no
                push "<jump>1<enter><flag-message><jump>2<enter><copy-message>=Archive<enter><jump>2<enter><delete-message>\
                <sync-mailbox><quit>"
                """.formatted(port(143), account, PASSWORD, certificate));
        run(home, "script", "--quiet", "--return", "--command", "neomutt -n -F " + settings, "/dev/null")
                .ok();
        try (Store imap = Clients.imap(rack.port(143), account, PASSWORD)) {
            Message[] left = Clients.inbox(imap, 1);
            assertThat(left).extracting(Message::getSubject).containsExactly("one");
            assertThat(left[0].isSet(Flags.Flag.FLAGGED)).isTrue();
            assertThat(imap.getFolder("Archive").getMessageCount()).isEqualTo(1);
        }
    }

    @Test
    void python(TestInfo test) throws Exception {
        Path home = client(test, "python3");
        Path script =
                Path.of(RealClientsIT.class.getResource("standard_library.py").toURI());
        Rack.Result done = run(
                        home,
                        "python3",
                        script.toString(),
                        account("python"),
                        PASSWORD,
                        certificate.toString(),
                        port(465),
                        port(993),
                        port(995))
                .ok();
        assertThat(done.out().strip()).isEqualTo("done");
    }

    /** A home folder for a program; skips the test when it is not installed. */
    private static Path client(TestInfo test, String program) throws IOException {
        boolean installed = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!installed) {
            System.err.println("RealClientsIT: there is no " + program + " here, so mail is NOT tried with it");
        }
        assumeTrue(installed, program + " is not installed");
        return Files.createDirectories(
                temp.resolve("client-" + test.getTestMethod().orElseThrow().getName()));
    }

    private static String account(String name) throws Exception {
        String account = name + "@hamburger.edu";
        rack.addUser(account, PASSWORD);
        return account;
    }

    private static String port(int standard) {
        return Integer.toString(rack.port(standard));
    }

    private static void deliver(String account, String... subjects) throws MessagingException {
        int count;
        try (Store imap = Clients.imap(rack.port(143), account, PASSWORD)) {
            count = imap.getFolder("INBOX").getMessageCount();
            for (String subject : subjects) {
                Clients.submit(rack.port(587), account, PASSWORD, account, subject, "Do you like ketchup?");
                Clients.inbox(imap, ++count);
            }
        }
    }

    private static List<Path> messages(Path maildir) throws IOException {
        try (Stream<Path> files = Files.walk(maildir)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> List.of("cur", "new")
                            .contains(file.getParent().getFileName().toString()))
                    .toList();
        }
    }

    private static Path containing(Path maildir, String text) throws IOException {
        for (Path file : messages(maildir)) {
            if (Files.readString(file).contains(text)) {
                return file;
            }
        }
        throw new IOException("nothing with '" + text + "' in " + maildir);
    }

    private static Rack.Result run(Path home, String... command) throws Exception {
        Path out = Files.createTempFile(home, "out", null);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("TERM", "xterm");
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            throw new AssertionError(
                    List.of(command) + " does not end: " + Files.readString(out, StandardCharsets.ISO_8859_1));
        }
        return new Rack.Result(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1), "");
    }
}
