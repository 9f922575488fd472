package org.mailrack.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

import jakarta.mail.FolderClosedException;
import jakarta.mail.MessagingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;
import org.mailrack.itests.rack.Wire;

/**
 * A disk that others fill under a rack that is at work: what needs space is refused in each protocol's words, reading goes on,
 * nothing that was promised is lost or doubled, and when there is space again all goes on by itself.
 */
class FullDiskIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String NO_SPACE = "452 4.3.1";
    private static final String OVERQUOTA = "NO [OVERQUOTA]";
    private static final String DOT = "\r\n.\r\n";
    private static final Pattern ALARM = Pattern.compile("(?m)^\\S+ (?:WARN|ERROR) .*");
    private static final Pattern DOWN = Pattern.compile("database is down until");
    /** More lines of alarm than that for one full disk are a flood. */
    private static final int FLOOD = 30;

    private final Path folder = Path.of(System.getProperty("mailrack.bundles")).resolveSibling("full-disk");

    @BeforeEach
    void clear() throws IOException {
        Installation.delete(folder);
    }

    @Test
    void whatNeedsSpaceIsRefusedInTimeAndTheRestGoesOn() throws Exception {
        // Mail that waits for the store is tried after a second here, and not after a minute.
        Map<String, String> settings = Map.of("delivery", "retry.first=1\nretry.max=1\n");
        try (SmallDisk disk = SmallDisk.inMemory(folder.resolve("base/data"), 220);
                LoadedRack loaded = LoadedRack.start(folder, settings)) {
            Rack rack = loaded.rack();
            rack.addUser("pop@" + Load.DOMAIN, Load.PASSWORD);
            deliver(rack, "one");
            deliver(rack, "two");
            Load load = loaded.load(new Random(1));
            awaitMore(load, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");

            // Less than content.log's min.free.space, more than the database's.
            disk.fill(40 << 20);
            awaitMore(load, "SMTP " + NO_SPACE, "APPEND " + OVERQUOTA);
            awaitMore(load, "COPY yes", "STORE yes", "MOVE yes", "EXPUNGE yes");

            disk.fill(0);
            awaitMore(load, "SMTP " + NO_SPACE, "APPEND " + OVERQUOTA, "COPY " + OVERQUOTA, "STORE " + OVERQUOTA);
            readsEverything(loaded, load);
            popRetrievesAndRemoves(rack);

            disk.clear();
            awaitMore(load, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");
            ends(loaded, load);
            assertThat(rack.log())
                    .containsOnlyOnce("content store takes no messages until 64 MB are free")
                    .containsOnlyOnce("content store takes messages again")
                    .containsOnlyOnce("mailboxes cannot be changed until the disk can be written")
                    .containsOnlyOnce("mailboxes can be changed again");
        }
    }

    @Test
    void aDiskThatIsFilledFasterThanAnybodyLooksBringsNothingDownForGood() throws Exception {
        Map<String, String> settings = Map.of(
                "content.log", "min.free.space=0\nmemory.per.message=65536\nsegment.size=1048576\n",
                "store.derby", "min.free.space=0\n",
                "delivery", "retry.first=1\nretry.max=1\n");
        try (SmallDisk disk = SmallDisk.inMemory(folder.resolve("base/data"), 180);
                LoadedRack loaded = LoadedRack.start(folder, settings)) {
            Rack rack = loaded.rack();
            Load load = loaded.load(new Random(2));
            for (int time = 0; time < 2; time++) {
                awaitMore(load, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");
                disk.fill(0);
                awaitMore(load, "SMTP " + NO_SPACE, "APPEND " + OVERQUOTA, "COPY " + OVERQUOTA, "STORE " + OVERQUOTA);
                readsEverything(loaded, load);
                // What the database has given up is taken by others too.
                disk.fill(0);
                awaitMore(load, "SMTP " + NO_SPACE);
                disk.clear();
            }
            awaitMore(load, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");
            ends(loaded, load);
            assertThat(rack.log()).contains("disk is full, the database takes its reserve");
        }
    }

    /** Waits until each of these answers was given some times more. */
    static void awaitMore(Load load, String... answers) {
        List<Integer> before = new ArrayList<>();
        for (String answer : answers) {
            before.add(load.answers().count(answer));
        }
        Await.until("more of each of " + List.of(answers), SOON, () -> {
            for (int i = 0; i < answers.length; i++) {
                if (load.answers().count(answers[i]) < before.get(i) + 5) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Every mailbox opens and every message can be read to its end; what must be there is looked at when all has come to rest. */
    static void readsEverything(LoadedRack loaded, Load load) throws Exception {
        for (int attempt = 1; ; attempt++) {
            List<String> problems = new ArrayList<>();
            int deleted = load.answers().count("DELETE yes");
            try {
                loaded.read(token -> true, problems);
            } catch (FolderClosedException e) {
                // The server takes leave when the selected mailbox is deleted, and for no other reason.
                if (attempt == 20) {
                    throw e;
                }
                Await.until(
                        "a mailbox was deleted, since " + e.getMessage(),
                        SOON,
                        () -> load.answers().count("DELETE yes") > deleted);
                continue;
            } catch (MessagingException e) {
                // The load renames and deletes mailboxes between the listing and the opening.
                if (attempt < 20 && String.valueOf(e.getMessage()).contains("[NONEXISTENT]")) {
                    continue;
                }
                throw e;
            }
            assertThat(problems).isEmpty();
            return;
        }
    }

    /** Ends the load and compares, and once more after a kill. */
    private static void ends(LoadedRack loaded, Load load) throws Exception {
        load.stop();
        load.join();
        System.out.println("full disk: " + load.answers());
        onlyNoSpace(load, loaded.rack().log());
        assertThat(loaded.check(token -> true)).isEmpty();
        assertThat(ALARM.matcher(loaded.rack().log())
                        .results()
                        .map(java.util.regex.MatchResult::group)
                        .toList())
                .as("lines of alarm")
                .hasSizeLessThan(FLOOD);
        loaded.rack().kill();
        loaded.rack().start();
        assertThat(loaded.check(token -> true)).as("after a kill").isEmpty();
    }

    /**
     * The database may go down for lack of space, and a command that is at it in that moment be told to try again; nobody else, and
     * not because of an interrupt that was meant for another.
     */
    private static void onlyNoSpace(Load load, String log) {
        List<String> others = load.answers().refused().stream()
                .filter(answer -> !answer.startsWith("SMTP " + NO_SPACE) && !answer.contains(OVERQUOTA))
                .toList();
        assertThat(others).as("refusals in other words").allMatch(answer -> answer.contains("NO [UNAVAILABLE]"));
        long outages = DOWN.matcher(log).results().count();
        int unavailable = others.stream().mapToInt(load.answers()::count).sum();
        assertThat(unavailable).as("told to try again in %d outages", outages).isLessThanOrEqualTo((int) outages * 3);
        assertThat(log).doesNotContain("interrupted while waiting");
    }

    private static void deliver(Rack rack, String text) throws IOException {
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 ");
            smtp.exchange("HELO crepes.fr", "250 ");
            smtp.exchange("MAIL FROM:<load@crepes.fr>", "250 ");
            smtp.exchange("RCPT TO:<pop@" + Load.DOMAIN + ">", "250 ");
            smtp.exchange("DATA", "354 ");
            smtp.raw("Subject: " + text + "\r\n\r\n" + text + DOT);
            smtp.expect("250 ");
        }
        Await.until(
                "it is there",
                SOON,
                () -> rack.run("--json", "queue", "list").ok().out().strip().equals("[]"));
    }

    private static void popRetrievesAndRemoves(Rack rack) throws IOException {
        for (String left : new String[] {"2", "1"}) {
            try (Wire pop = Wire.connect(rack.port(110))) {
                pop.expect("+OK");
                pop.exchange("USER pop@" + Load.DOMAIN, "+OK");
                pop.exchange("PASS " + Load.PASSWORD, "+OK");
                pop.exchange("STAT", "+OK " + left + ' ');
                pop.exchange("RETR 1", "+OK");
                assertThat(pop.untilDot()).endsWith(left.equals("2") ? "one" : "two");
                if (left.equals("2")) {
                    pop.exchange("DELE 1", "+OK");
                }
                pop.exchange("QUIT", "+OK");
            }
        }
    }
}
