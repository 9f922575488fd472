package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.mail.FetchProfile;
import jakarta.mail.Folder;
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

/** A filter is replaced while 200 mails a second come in. */
class FilterSwapIT {

    private static final int SENDERS = 8;
    private static final int PER_SECOND = 200;
    private static final int SWAPS = 4;
    private static final int SWAP_MILLIS = 500;
    private static final Pattern TOOK = Pattern.compile("in (\\d+) ms");
    private static final String FILTER = "org.mailrack.example.subjecttag";

    @TempDir
    static Path temp;

    private static Rack rack;

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
        Path jar = Path.of(System.getProperty("mailrack.examples"), "filter-subject-tag/target/filter-subject-tag.jar");
        rack.run("bundle", "install", jar.toString()).ok();
    }

    @AfterAll
    static void stop() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    /** Sends at a steady rate until it is told to stop, and notes each answer to a message. */
    private static final class Sender extends Thread {
        private final String to;
        private final String name;
        private final Map<String, String> answers;
        private volatile boolean over;
        private volatile Throwable failure;

        Sender(String to, String name, Map<String, String> answers) {
            this.to = to;
            this.name = name;
            this.answers = answers;
        }

        @Override
        public void run() {
            try (Wire smtp = Wire.connect(rack.port(25))) {
                smtp.expect("220 ");
                smtp.exchange("HELO crepes.fr", "250 ");
                long next = System.nanoTime();
                for (int i = 0; !over; i++) {
                    next += TimeUnit.SECONDS.toNanos(SENDERS) / PER_SECOND;
                    LockSupport.parkNanos(next - System.nanoTime());
                    send(smtp, name + '-' + i);
                }
                smtp.exchange("QUIT", "221 ");
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
            }
        }

        private void send(Wire smtp, String subject) throws IOException {
            for (String command : List.of("MAIL FROM:<alice@crepes.fr>", "RCPT TO:<" + to + ">", "DATA")) {
                smtp.send(command);
                String answer = smtp.line();
                if (!answer.startsWith(command.equals("DATA") ? "354" : "250")) {
                    answers.put(subject, answer);
                    smtp.exchange("RSET", "250 ");
                    return;
                }
            }
            smtp.raw("Subject: " + subject + "\r\n\r\ntext\r\n.\r\n");
            answers.put(subject, smtp.line());
        }
    }

    /** Swaps the filter under mail; the answers by the mails' subjects. */
    private static Map<String, String> swapUnderMail(String to, List<Long> millis) throws Exception {
        Map<String, String> answers = new ConcurrentHashMap<>();
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(new Sender(to, "m" + i, answers));
        }
        senders.forEach(Thread::start);
        for (int i = 0; i < SWAPS; i++) {
            int before = answers.size();
            Await.until("mails flow", Duration.ofSeconds(20), () -> answers.size() > before + PER_SECOND / 2);
            Matcher took =
                    TOOK.matcher(rack.run("bundle", "update", FILTER).ok().out());
            assertThat(took.find()).isTrue();
            millis.add(Long.parseLong(took.group(1)));
        }
        int before = answers.size();
        Await.until("mails flow", Duration.ofSeconds(20), () -> answers.size() > before + PER_SECOND / 2);
        for (Sender sender : senders) {
            sender.over = true;
            sender.join();
            assertThat(sender.failure).isNull();
        }
        return answers;
    }

    /** What has arrived: the subject, without the tag, and whether it was tagged. */
    private static Map<String, Boolean> arrived(String account, int count) throws Exception {
        Map<String, Boolean> mails = new HashMap<>();
        try (Store imap = Clients.imap(rack.port(143), account, "pickles")) {
            Folder inbox = imap.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            Await.until("all mail is there", Duration.ofSeconds(30), () -> inbox.getMessageCount() >= count);
            Message[] messages = inbox.getMessages();
            FetchProfile subjects = new FetchProfile();
            subjects.add(FetchProfile.Item.ENVELOPE);
            inbox.fetch(messages, subjects);
            for (Message message : messages) {
                String subject = message.getSubject();
                Boolean twice = mails.put(subject.replace("[tagged] ", ""), subject.startsWith("[tagged] "));
                assertThat(twice).as("%s came twice", subject).isNull();
            }
        }
        return mails;
    }

    @Test
    void anAdvisoryFilterIsSwappedAndNoMailIsLostOrDeferred() throws Exception {
        rack.addUser("advisory@hamburger.edu", "pickles");
        List<Long> millis = new ArrayList<>();
        Map<String, String> answers = swapUnderMail("advisory@hamburger.edu", millis);
        assertThat(answers.values()).allMatch(answer -> answer.startsWith("250 "));
        Map<String, Boolean> arrived = arrived("advisory@hamburger.edu", answers.size());
        assertThat(arrived.keySet()).isEqualTo(answers.keySet());
        long untagged = arrived.values().stream().filter(tagged -> !tagged).count();
        System.out.printf(
                "filter swap: %s ms under %d mails a second; %d mails, %d of them past the advisory filter's gap%n",
                millis, PER_SECOND, arrived.size(), untagged);
        assertThat(arrived.size() - untagged).as("tagged").isGreaterThan(arrived.size() / 2);
        assertThat(millis).as("milliseconds of a swap").allMatch(took -> took < SWAP_MILLIS);
    }

    @Test
    void noMailPassesTheGapOfARequiredFilter() throws Exception {
        rack.addUser("required@hamburger.edu", "pickles");
        Path settings = rack.etc("org.mailrack.filtering.cfg");
        Files.writeString(settings, "required=subject-tag\n");
        try {
            Await.until("it is required", Duration.ofSeconds(10), () -> rack.log()
                    .contains("filtering changed required=[subject-tag]"));
            List<Long> millis = new ArrayList<>();
            Map<String, String> answers = swapUnderMail("required@hamburger.edu", millis);
            assertThat(answers.values())
                    .allMatch(answer -> answer.startsWith("250 ") || answer.startsWith("451 4.7.1 "));
            Set<String> accepted = new HashSet<>(answers.keySet());
            accepted.removeIf(subject -> answers.get(subject).startsWith("451"));
            Map<String, Boolean> arrived = arrived("required@hamburger.edu", accepted.size());
            assertThat(arrived.keySet()).isEqualTo(accepted);
            assertThat(arrived.values()).as("tagged").containsOnly(true);
            System.out.printf(
                    "required filter swap: %s ms; %d mails filtered, %d deferred in the gaps%n",
                    millis, arrived.size(), answers.size() - accepted.size());
        } finally {
            Files.delete(settings);
        }
    }
}
