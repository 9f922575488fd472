package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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

/** The conversations that textbooks show, letter for letter against the packaged rack. */
class ConversationsIT {

    @TempDir
    static Path temp;

    private static Rack rack;

    @BeforeAll
    static void start() throws Exception {
        rack = Rack.init(
                Installation.copyTo(temp.resolve("home")),
                temp.resolve("hamburger"),
                "--hostname",
                "hamburger.edu",
                "--domain",
                "hamburger.edu");
        java.nio.file.Files.writeString(
                rack.etc("org.mailrack.directory.cfg"),
                java.nio.file.Files.readString(rack.etc("org.mailrack.directory.cfg"))
                        .replaceAll("(?m)^#?\\s*plaintext\\.loopback\\s*=.*$", "plaintext.loopback=true"));
        rack.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    private static void ketchup(String recipient, String... body) throws Exception {
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 hamburger.edu");
            smtp.exchange("HELO crepes.fr", "250 ");
            smtp.exchange("MAIL FROM: <alice@crepes.fr>", "250 ");
            smtp.exchange("RCPT TO: <" + recipient + ">", "250 ");
            smtp.exchange("DATA", "354 ");
            for (String line : body) {
                smtp.send(line);
            }
            smtp.exchange(".", "250 ");
            smtp.exchange("QUIT", "221 ");
            assertThat(smtp.line()).as("the server closes after QUIT").isNull();
        }
    }

    @Test
    void ketchupAndPicklesArriveAndStayReadableWithoutAnyHeader() throws Exception {
        rack.addUser("bob@hamburger.edu", "pickles 4 all");
        ketchup("bob@hamburger.edu", "Do you like ketchup?", "How about pickles?");
        try (Store imap = Clients.imap(rack.port(143), "bob@hamburger.edu", "pickles 4 all")) {
            var message = Clients.inbox(imap, 1)[0];
            assertThat(message.getContent().toString().lines())
                    .containsExactly("Do you like ketchup?", "How about pickles?");
            assertThat(message.getHeader("Return-Path")).containsExactly("<alice@crepes.fr>");
            assertThat(message.getHeader("Received")[0])
                    .contains("from crepes.fr")
                    .contains("by hamburger.edu");
        }
        try (Store pop3 = Clients.pop3(rack.port(110), "bob@hamburger.edu", "pickles 4 all")) {
            var inbox = pop3.getFolder("INBOX");
            inbox.open(jakarta.mail.Folder.READ_ONLY);
            assertThat(inbox.getMessage(1).getContent().toString().lines())
                    .containsExactly("Do you like ketchup?", "How about pickles?");
        }
    }

    @Test
    void bobReadsAndDeletesTwoMessagesByPop3() throws Exception {
        rack.addUser("bob.two@hamburger.edu", "hungry");
        rack.run("user", "alias", "two@hamburger.edu", "bob.two@hamburger.edu").ok();
        ketchup("bob.two@hamburger.edu", "first");
        awaitMail("bob.two", 1);
        ketchup("two@hamburger.edu", "second", "..dots");
        awaitMail("bob.two", 2);
        try (Wire pop = Wire.connect(rack.port(110))) {
            pop.expect("+OK");
            pop.exchange("user bob.two", "+OK");
            pop.exchange("pass hungry", "+OK");
            pop.exchange("list", "+OK");
            List<String> sizes = pop.untilDot();
            assertThat(sizes).hasSize(2);
            pop.exchange("retr 1", "+OK");
            List<String> first = pop.untilDot();
            assertThat(first).endsWith("first");
            assertThat(sizes.get(0)).isEqualTo("1 " + octets(first));
            pop.exchange("dele 1", "+OK");
            pop.exchange("retr 2", "+OK");
            List<String> second = pop.untilDot();
            assertThat(sizes.get(1)).isEqualTo("2 " + octets(second));
            pop.exchange("dele 2", "+OK");
            pop.exchange("quit", "+OK");
            assertThat(pop.line()).isNull();
        }
        awaitMail("bob.two", 0);
    }

    private static int octets(List<String> lines) {
        return lines.stream().mapToInt(line -> line.length() + 2).sum();
    }

    private static void awaitMail(String user, int count) {
        Await.until(user + " has " + count + " messages", Duration.ofSeconds(10), () -> {
            try (Wire pop = Wire.connect(rack.port(110))) {
                pop.expect("+OK");
                pop.exchange("USER " + user + "@hamburger.edu", "+OK");
                pop.exchange("PASS hungry", "+OK");
                boolean there = pop.exchange("STAT", "+OK").startsWith("+OK " + count + " ");
                pop.exchange("QUIT", "+OK");
                return there;
            }
        });
    }

    @Test
    void noRelayingWithoutAuthenticationAndNoUnknownRecipients() throws Exception {
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 ");
            smtp.send("EHLO spammer.example");
            assertThat(smtp.reply("250"))
                    .anyMatch(l -> l.endsWith("PIPELINING"))
                    .anyMatch(l -> l.contains("SIZE "))
                    .anyMatch(l -> l.endsWith("8BITMIME"))
                    .anyMatch(l -> l.endsWith("ENHANCEDSTATUSCODES"))
                    .anyMatch(l -> l.endsWith("STARTTLS"))
                    .noneMatch(l -> l.contains("AUTH"));
            smtp.exchange("MAIL FROM:<a@spammer.example>", "250 2.1.0");
            smtp.exchange("RCPT TO:<victim@elsewhere.example>", "5").contains("5.7.1");
            smtp.exchange("RCPT TO:<nobody@hamburger.edu>", "550 5.1.1");
            // RFC 5321 section 3.3: no recipient was accepted.
            smtp.exchange("DATA", "554 5.5.1");
        }
        try (Wire submission = Wire.connect(rack.port(587))) {
            submission.expect("220 ");
            submission.send("EHLO client.example");
            submission.reply("250");
            submission.exchange("MAIL FROM:<bob@hamburger.edu>", "530 5.7.0");
        }
    }

    @Test
    void aDotBetweenBareLineFeedsEndsNoMessage() throws Exception {
        rack.addUser("smuggle@hamburger.edu", "hungry");
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 ");
            smtp.exchange("HELO evil.example", "250 ");
            smtp.exchange("MAIL FROM:<a@evil.example>", "250 ");
            smtp.exchange("RCPT TO:<smuggle@hamburger.edu>", "250 ");
            smtp.exchange("DATA", "354 ");
            smtp.raw("one\n.\nMAIL FROM:<ceo@hamburger.edu>\r.\r\n.\rRCPT TO:<smuggle@hamburger.edu>\r\n.\n\r\n.\r\n");
            // One reply for all of it: a refusal, as no line ended but by CRLF.
            smtp.expect("5");
            smtp.exchange("NOOP", "250 ");
        }
        assertThat(rack.run("queue", "list", "--json").ok().out().strip()).isEqualTo("[]");
    }

    @Test
    void theCommandListsAndChangesWhileTheServerRuns() throws Exception {
        rack.run("domain", "add", "fries.example").ok();
        assertThat(rack.run("domain", "list").ok().out())
                .contains("fries.example")
                .contains("hamburger.edu");
        rack.addUser("carl@fries.example", "first password");
        assertThat(rack.run("user", "list", "--json").ok().out())
                .matches("(?s)\\s*\\[.*\\{\"address\":\\s*\"carl@fries\\.example\"\\}.*\\]\\s*");
        rack.runWith("second password\n", "user", "passwd", "carl@fries.example", "--password-stdin")
                .ok();
        Clients.imap(rack.port(143), "carl@fries.example", "second password").close();
        rack.run("user", "remove", "carl@fries.example").ok();
        rack.run("domain", "remove", "fries.example").ok();
        var refused = rack.run("domain", "remove", "fries.example");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.err()).isNotBlank();
        assertThat(refused.out()).isBlank();
        assertThat(rack.run("bundle", "list", "--json").ok().out())
                .contains("\"symbolicName\"")
                .contains("org.mailrack.smtp")
                .contains("\"ACTIVE\"");
        assertThat(rack.run("no-such-command").exit()).isNotZero();
    }

    @Test
    void nothingSecretIsInTheLog() throws Exception {
        rack.addUser("secret@hamburger.edu", "xyzzy-plugh-4711");
        Clients.imap(rack.port(143), "secret@hamburger.edu", "xyzzy-plugh-4711").close();
        try (Wire pop = Wire.connect(rack.port(110))) {
            pop.expect("+OK");
            pop.exchange("USER secret@hamburger.edu", "+OK");
            pop.exchange("PASS wrong-plugh-4711", "-ERR [AUTH]");
        }
        assertThat(rack.log()).contains("secret@hamburger.edu").doesNotContain("plugh-4711");
    }
}
