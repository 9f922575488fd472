package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import jakarta.mail.Message;
import jakarta.mail.Store;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Clients;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;
import org.mailrack.itests.rack.Wire;

/** Cards go in and out of a running rack: a filter, its settings, a whole feature, a certificate. */
class HotDeploymentIT {

    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    @TempDir
    static Path temp;

    private static Installation installation;
    private static Rack rack;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.copyTo(temp.resolve("home"));
        rack = Rack.init(installation, temp.resolve("base"), "--hostname", "hamburger.edu", "--domain", "hamburger.edu")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    @Test
    void aFilterDroppedIntoDeployTagsWithinTwoSecondsFollowsItsSettingsAndStopsWhenRemoved() throws Exception {
        rack.addUser("tag@hamburger.edu", "pickles");
        Path jar = Path.of(System.getProperty("mailrack.examples"), "filter-subject-tag/target/filter-subject-tag.jar");
        Path deployed = rack.base().resolve("deploy/filter-subject-tag.jar");

        assertThat(subjectOf("before")).isEqualTo("before");
        Files.copy(jar, deployed);
        awaitSubject("dropped in", "[tagged] dropped in");
        Path settings = rack.etc("org.mailrack.example.subjecttag.cfg");
        Files.writeString(settings, "tag=[external]\n");
        awaitSubject("settings read", "[external] settings read");
        Files.writeString(settings, "tag=OUTSIDE:\n");
        awaitSubject("settings changed", "OUTSIDE: settings changed");
        Files.delete(deployed);
        awaitSubject("removed", "removed");
    }

    /** Sends mails of that subject until one arrives as expected, for two seconds and the time of one delivery. */
    private static void awaitSubject(String subject, String expected) {
        Await.until("a mail arrives as '" + expected + "'", TWO_SECONDS.plusMillis(500), () -> {
            String arrived = subjectOf(subject);
            assertThat(arrived).endsWith(subject);
            return arrived.equals(expected);
        });
    }

    private static String subjectOf(String subject) throws Exception {
        try (Store imap = Clients.imap(rack.port(143), "tag@hamburger.edu", "pickles")) {
            int before = Clients.inbox(imap, 0).length;
            try (Wire smtp = Wire.connect(rack.port(25))) {
                smtp.expect("220 ");
                smtp.exchange("HELO crepes.fr", "250 ");
                smtp.exchange("MAIL FROM:<alice@crepes.fr>", "250 ");
                smtp.exchange("RCPT TO:<tag@hamburger.edu>", "250 ");
                smtp.exchange("DATA", "354 ");
                smtp.raw("Subject: " + subject + "\r\n\r\ntext\r\n.\r\n");
                smtp.expect("250 ");
            }
            Message[] messages = Clients.inbox(imap, before + 1);
            return messages[before].getSubject();
        }
    }

    @Test
    void removingTheFeatureTakesPop3AwayAndPuttingItBackBringsItWhileOtherSessionsStayOpen() throws Exception {
        rack.addUser("bob@hamburger.edu", "pickles");
        Path feature = installation.feature("pop3");
        Path aside = temp.resolve("pop3-aside");
        try (Wire smtp = Wire.connect(rack.port(25));
                Wire imap = Wire.connect(rack.port(143))) {
            smtp.expect("220 ");
            smtp.exchange("HELO crepes.fr", "250 ");
            imap.expect("* OK");
            assertThat(pop3Serves()).isTrue();

            Files.move(feature, aside, StandardCopyOption.ATOMIC_MOVE);
            Await.until("POP3 is gone", Duration.ofSeconds(10), () -> !pop3Serves());
            smtp.exchange("NOOP", "250 ");
            imap.send("a NOOP");
            imap.untilOk("a");
            assertThat(rack.run("feature", "list").ok().out()).doesNotContainPattern("(?m)^pop3\\s+.*active");

            Files.move(aside, feature, StandardCopyOption.ATOMIC_MOVE);
            Await.until("POP3 is back", Duration.ofSeconds(10), HotDeploymentIT::pop3Serves);
            smtp.exchange("NOOP", "250 ");
            smtp.exchange("QUIT", "221 ");
            imap.send("b LOGOUT");
            imap.untilOk("b");
        }
    }

    private static boolean pop3Serves() throws IOException {
        try (Wire pop = Wire.connect(rack.port(110))) {
            String greeting = pop.line();
            return greeting != null && greeting.startsWith("+OK");
        } catch (java.net.ConnectException e) {
            return false;
        }
    }

    /** The relay, for one, would be restarted for a change, and not come back with a wrong one. */
    @Test
    void aValueOfTheWrongKindIsOneLineAndWhatWasInForceStays() throws Exception {
        Path smtp = rack.etc("org.mailrack.smtp.cfg");
        Path relay = rack.etc("org.mailrack.relay.cfg");
        String relaysOwn = Files.readString(relay);
        Files.writeString(smtp, "max.message.size=1234567\n");
        Await.until("the size is announced", Duration.ofSeconds(10), () -> size().equals("1234567"));

        int before = rack.log().length();
        Files.writeString(smtp, "max.message.size=much\nmax.errors=7\n");
        Files.writeString(relay, relaysOwn.replaceAll("(?m)^port=.*$", "port=smtp"));
        assertRefused(smtp, "max.message.size=much: invalid value");
        assertRefused(relay, "port=smtp: invalid value");
        assertThat(size()).isEqualTo("1234567");
        Files.writeString(smtp, "max.recipients=1\n");
        assertRefused(smtp, "max.recipients=1: less than minimum");
        assertThat(rack.log().substring(before)).doesNotContain("Exception").doesNotContain("ERROR");
        assertThat(rack.run("bundle", "list").ok().out()).containsPattern("org\\.mailrack\\.relay .*ACTIVE");

        Files.writeString(relay, relaysOwn);
        Files.delete(smtp);
        Await.until(
                "nothing is wrong any more",
                Duration.ofSeconds(10),
                () -> rack.run("diagnose").ok().out().isEmpty());
        assertThat(size()).isNotEqualTo("1234567");
    }

    @Test
    void theConfigCommandChangesASettingAtOnceAndPutsBackWhatIsNotTaken() throws Exception {
        Path smtp = rack.etc("org.mailrack.smtp.cfg");
        try {
            assertThat(rack.run("config", "show").ok().out())
                    .contains("org.mailrack.smtp")
                    .contains("org.mailrack.transport.endpoint-NAME");
            String said = rack.run("config", "set", "smtp", "max.message.size", "7654321")
                    .ok()
                    .out();
            assertThat(said).contains("max.message.size=7654321, was default");
            Await.until("the size is announced", Duration.ofSeconds(5), () -> size().equals("7654321"));
            assertThat(rack.run("config", "show", "smtp").ok().out())
                    .containsPattern("(?m)^max\\.message\\.size +7654321 +\\d+ ");
            assertThat(Files.readString(smtp)).isEqualTo("max.message.size=7654321\n");

            assertNotTaken("is not a number", "smtp", "max.message.size", "much");
            assertNotTaken("is not taken", "smtp", "max.recipients", "0");
            assertNotTaken("no setting of org.mailrack.smtp", "smtp", "max.sise", "1");
            assertNotTaken("no bundle has settings", "smpt", "max.message.size", "1");
            assertThat(Files.readString(smtp)).isEqualTo("max.message.size=7654321\n");

            // A port is opened anew; nobody else notices.
            try (Wire imap = Wire.connect(rack.port(143))) {
                imap.expect("* OK");
                String port = String.valueOf(rack.port(110));
                String other = String.valueOf(rack.port(111));
                rack.run("config", "set", "transport.endpoint-pop3", "port", other)
                        .ok();
                Await.until("POP3 is at the new port", Duration.ofSeconds(5), () -> {
                    try (Wire pop = Wire.connect(rack.port(111))) {
                        return pop.line().startsWith("+OK");
                    }
                });
                // One that is taken is not left there: the old one is opened again.
                assertNotTaken("", "transport.endpoint-pop3", "port", String.valueOf(rack.port(143)));
                rack.run("config", "set", "transport.endpoint-pop3", "port", port)
                        .ok();
                Await.until("POP3 is at the old port", Duration.ofSeconds(5), HotDeploymentIT::pop3Serves);
                imap.send("a NOOP");
                imap.untilOk("a");
            }
            rack.run("config", "unset", "smtp", "max.message.size").ok();
            assertThat(smtp).doesNotExist();
            Await.until("the default is announced", Duration.ofSeconds(5), () -> !size().equals("7654321"));
            String me = System.getProperty("user.name");
            assertThat(Files.readString(rack.base().resolve("log/audit.log")))
                    .containsPattern("setting asked for by=" + me
                            + " pid=org.mailrack.smtp setting=max.message.size value=\"7654321\"")
                    .containsPattern("setting changed by=owner:" + me
                            + " pid=org.mailrack.smtp setting=max.message.size from=default to=\"7654321\"");
        } finally {
            Files.deleteIfExists(smtp);
        }
    }

    private static void assertNotTaken(String why, String... setting) throws Exception {
        Rack.Result result = rack.run("config", "set", setting[0], setting[1], setting[2]);
        assertThat(result.exit()).as("%s", result).isEqualTo(1);
        assertThat(result.err()).contains(why).hasLineCount(1);
    }

    @Test
    void changesOfBundlesAreInTheAuditLogWithWhoAndFromWhichVersionToWhich() throws Exception {
        rack.run("bundle", "update", "org.mailrack.transfer").ok();
        rack.run("bundle", "stop", "org.mailrack.transfer").ok();
        rack.run("bundle", "start", "org.mailrack.transfer").ok();
        String me = System.getProperty("user.name");
        assertThat(Files.readString(rack.base().resolve("log/audit.log"))
                        .lines()
                        .toList())
                .anyMatch(line -> line.matches(".* INFO +audit bundle updated by=" + me
                        + " bundle=org\\.mailrack\\.transfer from=0\\.1\\.0\\S* to=0\\.1\\.0\\S*"))
                .anyMatch(line -> line.contains("bundle stopped by=" + me + " bundle=org.mailrack.transfer"))
                .anyMatch(line -> line.contains("bundle started by=" + me + " bundle=org.mailrack.transfer"));
    }

    private static void assertRefused(Path file, String reason) throws Exception {
        String line = "settings file not taken, what was in force stays file=" + file + " reason=\"" + reason + "\"";
        Await.until(line, Duration.ofSeconds(10), () -> rack.log().contains(line));
        assertThat(rack.run("diagnose").ok().out()).containsPattern(file + ":? .*" + reason);
    }

    /** What EHLO says of the largest message, RFC 1870. */
    private static String size() throws IOException {
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 ");
            smtp.send("EHLO crepes.fr");
            return smtp.reply("250").stream()
                    .filter(line -> line.startsWith("SIZE ", 4))
                    .map(line -> line.substring("250-SIZE ".length()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void theOperatorsCertificateReplacesTheSelfSignedOneWithoutARestart() throws Exception {
        assertThat(certificateName()).contains("hamburger.edu");
        Path tls = rack.base().resolve("etc/tls");
        Files.createDirectories(tls);
        Path store = temp.resolve("operator.p12");
        run(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-alias",
                "x",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=operator.example",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit");
        KeyStore made = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        pem(tls.resolve("cert.pem"), "CERTIFICATE", made.getCertificate("x").getEncoded());
        pem(
                tls.resolve("key.pem"),
                "PRIVATE KEY",
                made.getKey("x", "changeit".toCharArray()).getEncoded());
        Await.until("new handshakes show the operator's certificate", Duration.ofSeconds(10), () -> certificateName()
                .contains("operator.example"));
    }

    private static void pem(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static String certificateName() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), rack.port(993));
                SSLSocket tls =
                        (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", rack.port(993), true)) {
            tls.setSoTimeout(10_000);
            tls.startHandshake();
            return ((X509Certificate) tls.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private static final class TrustAll implements X509TrustManager {
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
