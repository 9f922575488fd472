package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Clients;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;
import org.mailrack.itests.rack.Wire;

/** What {@code store} does to a real instance: it finds damage and names it, repairs, and gives space back while mail flows. */
class StoreIT {

    private static final String BOB = "bob@hamburger.edu";
    private static final String PASSWORD = "pickles";
    private static final String BODY = ("z".repeat(70) + "\r\n").repeat(1400);

    @TempDir
    Path temp;

    private static void send(Rack rack, int count) throws Exception {
        send(rack, 0, count);
    }

    private static void send(Rack rack, int first, int count) throws Exception {
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 ");
            smtp.exchange("HELO crepes.fr", "250 ");
            for (int i = first; i < first + count; i++) {
                smtp.exchange("MAIL FROM:<alice@crepes.fr>", "250 ");
                smtp.exchange("RCPT TO:<" + BOB + ">", "250 ");
                smtp.exchange("DATA", "354 ");
                smtp.raw("Subject: mail " + i + "\r\n\r\nmark" + i + "mark\r\n" + BODY);
                smtp.exchange(".", "250 ");
            }
            smtp.exchange("QUIT", "221 ");
        }
    }

    private static Folder inbox(Store imap, int count) throws Exception {
        Folder inbox = imap.getFolder("INBOX");
        inbox.open(Folder.READ_WRITE);
        Await.until("all mail in INBOX", Duration.ofSeconds(20), () -> inbox.getMessageCount() >= count);
        return inbox;
    }

    private static int number(Message mail) throws Exception {
        return Integer.parseInt(mail.getSubject().substring("mail ".length()));
    }

    /** The first 20 messages are the mails 0, 5, 10 and so on, each with its own text. */
    private static void everyFifth(Folder inbox) throws Exception {
        Set<Integer> numbers = new TreeSet<>();
        for (Message mail : inbox.getMessages(1, 20)) {
            numbers.add(number(mail));
            assertThat(mail.getContent().toString()).startsWith("mark" + number(mail) + "mark");
        }
        assertThat(numbers).hasSize(20).allMatch(number -> number % 5 == 0);
    }

    private static long contents(Rack rack) throws IOException {
        try (Stream<Path> files = Files.walk(rack.base().resolve("data/content"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void spaceOfRemovedMessagesComesBackWhileTheServerRuns() throws Exception {
        Rack rack = Rack.init(Installation.copyTo(temp.resolve("mailrack")), temp.resolve("base"));
        Files.writeString(rack.etc("org.mailrack.content.log.cfg"), "segment.size=1048576\n");
        Files.writeString(rack.etc("org.mailrack.spool.cfg"), "checkpoint.contents=1048576\n");
        Files.writeString(rack.etc("org.mailrack.storekeeper.cfg"), "min.age=1\ncompaction.interval=1\n");
        try (rack) {
            rack.start();
            rack.run("domain", "add", "hamburger.edu").ok();
            rack.addUser(BOB, PASSWORD);
            send(rack, 100);
            try (Store imap = Clients.imap(rack.port(143), BOB, PASSWORD)) {
                Folder inbox = inbox(imap, 100);
                Message[] all = inbox.getMessages();
                for (Message mail : all) {
                    // Mails that come together may be delivered in any order.
                    if (number(mail) % 5 != 0) {
                        mail.setFlag(Flags.Flag.DELETED, true);
                    }
                }
                inbox.expunge();
                long full = contents(rack);
                assertThat(full).isGreaterThan(10_000_000);
                // Three mails in a second are enough for the checkpoints that it waits for.
                send(rack, 25);
                Await.until("space given back", Duration.ofSeconds(60), () -> contents(rack) < 7_500_000);
                Await.until("the new ones", Duration.ofSeconds(20), () -> inbox.getMessageCount() == 45);
                everyFifth(inbox);
            }
            assertThat(rack.log()).contains("store compacted octets=");
            Rack.Result verified = rack.run("store", "verify").ok();
            assertThat(verified.out()).containsPattern("faults\\s+0|0\\s*$");
            // What was compacted is found again after a crash.
            rack.kill();
            rack.start();
            try (Store imap = Clients.imap(rack.port(143), BOB, PASSWORD)) {
                Folder inbox = inbox(imap, 45);
                everyFifth(inbox);
            }
        }
    }

    @Test
    void damageIsFoundAndNamedAndALostMessageIsReplacedByANote() throws Exception {
        Rack rack = Rack.init(Installation.copyTo(temp.resolve("mailrack")), temp.resolve("base"));
        try (rack) {
            rack.start();
            rack.run("domain", "add", "hamburger.edu").ok();
            rack.addUser(BOB, PASSWORD);
            try (Store imap = Clients.imap(rack.port(143), BOB, PASSWORD)) {
                for (int i = 0; i < 3; i++) {
                    send(rack, i, 1);
                    inbox(imap, i + 1).close();
                }
            }
            assertThat(rack.run("store", "verify", "--json").ok().out()).contains("\"faults\":0");
            Path log = rack.base().resolve("data/content/000000001.log");
            int text = find(log, "mark1mark");
            overwrite(log, text, "n");
            // A record whose entry, which stands before the content, is damaged is no record.
            overwrite(log, find(log, "Return-Path", find(log, "mark2mark")) - 10, "damaged");

            Rack.Result result = rack.run("store", "verify", "--json");
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.out()).containsPattern("\"faults\":[2-9]");
            assertThat(result.err().lines().toList())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("damaged " + log)
                            .contains(" offset ")
                            .contains(BOB + " INBOX UID 2"))
                    .anySatisfy(line -> assertThat(line).startsWith("missing ").contains(BOB + " INBOX UID 3"));

            result = rack.run("store", "repair").ok();
            assertThat(result.err()).contains("UID 3 is replaced by a note");
            try (Store imap = Clients.imap(rack.port(143), BOB, PASSWORD)) {
                Folder inbox = inbox(imap, 3);
                List<Message> all = List.of(inbox.getMessages());
                assertThat(all).hasSize(3);
                assertThat(all.get(0).getContent().toString()).startsWith("mark0mark");
                assertThat(all.get(2).getSubject()).startsWith("[lost] ");
            }
            // What is damaged and may still be brought back stays.
            assertThat(rack.run("store", "verify").exit()).isEqualTo(1);
            overwrite(log, text, "m");
            assertThat(rack.run("store", "verify").err()).doesNotContain("UID 2");
        }
    }

    @Test
    void contentsOfAnotherDatabaseAreLeftAlone() throws Exception {
        Rack rack = Rack.init(Installation.copyTo(temp.resolve("mailrack")), temp.resolve("base"));
        try (rack) {
            rack.start();
            Path owner = rack.base().resolve("data/content/owner");
            Await.until("contents claimed", Duration.ofSeconds(20), () -> Files.exists(owner));
            rack.run("store", "compact").ok();
            rack.run("stop").ok();
            Installation.delete(rack.base().resolve("data/db"));
            rack.start();
            Rack.Result refused = rack.run("store", "compact");
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("store claim");
            rack.run("store", "claim").ok();
            rack.run("store", "compact").ok();
        }
    }

    private static int find(Path file, String text) throws IOException {
        int at = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(at).isPositive();
        return at;
    }

    /** The last place of a text before another. */
    private static int find(Path file, String text, int before) throws IOException {
        int at = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lastIndexOf(text, before);
        assertThat(at).isPositive();
        return at;
    }

    private static void overwrite(Path file, int at, String octets) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(octets.getBytes(StandardCharsets.US_ASCII)), at);
        }
    }
}
