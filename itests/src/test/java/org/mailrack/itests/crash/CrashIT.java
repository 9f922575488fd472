package org.mailrack.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;

/**
 * The promises 1, 2 and 6 by force: the packaged rack is loaded by many clients, killed by SIGKILL at a random moment and started
 * again, round after round on the same instance, and after each every answer that a client has read must have been kept.
 *
 * <p>{@code mvn verify -Dit.test=CrashIT -Dmailrack.crash.rounds=100} runs the long form; {@code -Dmailrack.crash.seed=N} has the
 * clients choose as they did under that seed (the moment of the kill and what the threads are at remain the machine's). The
 * instance of a test that failed stays in {@code target/crash}.
 */
class CrashIT {

    private static final int ROUNDS = Integer.getInteger("mailrack.crash.rounds", 3);
    private static final long SEED = Long.getLong("mailrack.crash.seed", System.nanoTime());
    private static final int LONGEST_LOAD_MILLIS = 5000;
    private static final int MOST_ANSWERS = 1000;
    /** All octets of everything are compared that often, and otherwise those of what is new and of one in ten. */
    private static final int WHOLE = 20;

    private static final Pattern BAD_LINE = Pattern.compile("(?m)^\\S+ ERROR .*|^.*damage found.*");

    private final Path folder = Path.of(System.getProperty("mailrack.bundles")).resolveSibling("crash");
    private final Random random = new Random(SEED);

    @Test
    void everythingThatWasAnsweredIsKeptThroughKillMinusNineAtAnyMoment() throws Exception {
        System.out.printf("crash: %d rounds, -Dmailrack.crash.seed=%d%n", ROUNDS, SEED);
        Installation.delete(folder);
        // Small limits, so that segments end, checkpoints are written, files are made for large mails, and space is
        // given back
        // all the time.
        Map<String, String> settings = Map.of(
                "content.log",
                "segment.size=1048576\nmemory.per.message=65536\n",
                "spool",
                "checkpoint.entries=150\n",
                "storekeeper",
                "compaction.interval=1\nmin.age=4\n");
        try (LoadedRack loaded = LoadedRack.start(folder, settings)) {
            for (int round = 1; round <= ROUNDS; round++) {
                round(loaded, round);
            }
            loaded.rack().run("restart").ok();
            check(loaded, "after a stop in order", true);
            bounded(loaded.rack());
        }
        Installation.delete(folder);
    }

    private void round(LoadedRack loaded, int round) throws Exception {
        long begin = System.nanoTime();
        Load load = loaded.load(new Random(random.nextLong()));
        boolean atAnswer = random.nextBoolean();
        Duration longest = Duration.ofMillis(50 + random.nextInt(LONGEST_LOAD_MILLIS));
        load.answers().await(atAnswer ? 1 + random.nextInt(MOST_ANSWERS) : Integer.MAX_VALUE, longest);
        load.cut();
        loaded.rack().kill();
        load.join();
        assertThat(load.answers().refused()).as("answers that were no").isEmpty();
        int again = 0;
        while (random.nextInt(3) == 0) {
            again += killWhileItStarts(loaded.rack()) ? 1 : 0;
        }
        loaded.rack().start();
        check(loaded, "round " + round, random.nextInt(WHOLE) == 0);
        System.out.printf(
                "crash round %d of %d: killed %s, %d times more while it started; %s; %d messages kept; %d ms%n",
                round,
                ROUNDS,
                atAnswer ? "at an answer" : "after " + longest.toMillis() + " ms",
                again,
                load.answers(),
                loaded.expectations().messages(),
                (System.nanoTime() - begin) / 1_000_000);
    }

    /** Recovery and the deliveries that follow it are cut off too. */
    private boolean killWhileItStarts(Rack rack) throws Exception {
        Process start = rack.process("start")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        start.waitFor(random.nextInt(3000), TimeUnit.MILLISECONDS);
        boolean killed = rack.killIfThere();
        assertThat(start.waitFor(90, TimeUnit.SECONDS)).as("start ends").isTrue();
        // It may have been about to write its process id.
        return rack.killIfThere() || killed;
    }

    private void check(LoadedRack loaded, String when, boolean all) throws Exception {
        List<String> problems = new ArrayList<>(loaded.check(token -> all || random.nextInt(10) == 0));
        Matcher bad = BAD_LINE.matcher(loaded.rack().log());
        while (bad.find()) {
            problems.add("log: " + bad.group());
        }
        assertThat(problems).as("%s, -Dmailrack.crash.seed=%d", when, SEED).isEmpty();
    }

    /** Nothing that crashes leave behind may pile up, and rows and contents agree. */
    private static void bounded(Rack rack) throws Exception {
        Rack.Result verified = rack.run("--json", "store", "verify");
        assertThat(verified.exit()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("\"faults\":0");
        if (ROUNDS > 5) {
            assertThat(rack.log()).containsPattern("store compacted octets=[1-9]");
        }
        try (Stream<Path> large = Files.list(rack.base().resolve("data/content/large"))) {
            assertThat(large.filter(file -> file.toString().endsWith(".part")))
                    .as("unfinished contents")
                    .isEmpty();
        }
        try (Stream<Path> log = Files.list(rack.base().resolve("data/db/log"))) {
            assertThat(log).as("files of the database's log").hasSizeLessThan(10);
        }
    }
}
