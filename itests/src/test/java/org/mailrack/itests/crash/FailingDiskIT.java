package org.mailrack.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;

/** A disk that takes no writes, for a while or until it is mended: mail is deferred, nothing that was promised is lost. */
class FailingDiskIT {

    private static final String TEMPORARY = "451 4.3.0";
    private static final String UNAVAILABLE = "NO [UNAVAILABLE]";

    private static final Duration RESUMES = Duration.ofSeconds(30);

    private final Path folder = Path.of(System.getProperty("mailrack.bundles")).resolveSibling("failing-disk");

    @BeforeEach
    void clear() throws IOException {
        Installation.delete(folder);
    }

    /** The system lets the process write no file any more, and later does again: for the process, writes fail and then do not. */
    @Test
    void writesThatFailForAWhileDeferAndServiceResumesByItself() throws Exception {
        try (LoadedRack loaded = LoadedRack.start(folder, Map.of("delivery", "retry.first=1\nretry.max=1\n"))) {
            Rack rack = loaded.rack();
            Random seeds = new Random(3);
            for (int time = 0; time < 2; time++) {
                Load load = loaded.load(seeds);
                FullDiskIT.awaitMore(load, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");
                load.breaking();
                limitFiles(rack, "0");
                FullDiskIT.awaitMore(load, "SMTP " + TEMPORARY, "APPEND " + UNAVAILABLE);
                load.stop();
                load.join();
                System.out.println("failing disk: " + load.answers());
                onlyTemporary(load);
                limitFiles(rack, "unlimited");
                // Of what was under way when the disk failed each change is there wholly or not at all.
                Await.until("service resumes", RESUMES, () -> {
                    loaded.read(token -> false, new ArrayList<>());
                    return true;
                });
                assertThat(loaded.check(token -> true)).isEmpty();
            }
            Load load = loaded.load(seeds);
            FullDiskIT.awaitMore(load, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");
            load.stop();
            load.join();
            onlyTemporary(load);
            assertThat(loaded.check(token -> true)).isEmpty();
            rack.kill();
            rack.start();
            assertThat(loaded.check(token -> true)).as("after a kill").isEmpty();
        }
    }

    private static void limitFiles(Rack rack, String size) throws Exception {
        String[] command = {"prlimit", "--pid", String.valueOf(rack.server().pid()), "--fsize=" + size + ":"};
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
        } catch (IOException e) {
            System.out.println("SKIPPED: a test with writes that fail needs the command prlimit: " + e.getMessage());
            Assumptions.abort("no prlimit: " + e.getMessage());
        }
    }

    private static void onlyTemporary(Load load) {
        assertThat(load.answers().refused())
                .as("refusals in other words")
                .allMatch(answer -> answer.startsWith("SMTP " + TEMPORARY) || answer.contains(UNAVAILABLE));
    }

    @Test
    void aDiskThatBecomesReadOnlyIsReadAndWhenItIsMendedAllIsThere() throws Exception {
        try (SmallDisk disk = SmallDisk.inFile(folder.resolve("base/data"), 250);
                LoadedRack loaded = LoadedRack.start(folder, Map.of())) {
            Rack rack = loaded.rack();
            Load before = loaded.load(new Random(4));
            FullDiskIT.awaitMore(before, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");
            before.stop();
            before.join();
            assertThat(loaded.check(token -> true)).isEmpty();

            disk.breakDown();
            Load during = loaded.load(new Random(5));
            FullDiskIT.awaitMore(during, "SMTP " + TEMPORARY, "APPEND " + UNAVAILABLE, "STORE " + UNAVAILABLE);
            FullDiskIT.readsEverything(loaded, during);
            during.stop();
            during.join();
            onlyTemporary(during);
            mend(disk, loaded);
            assertThat(rack.log()).doesNotContain("database is down");

            // Now while everybody writes.
            Load under = loaded.load(new Random(6));
            FullDiskIT.awaitMore(under, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");
            under.breaking();
            disk.breakDown();
            FullDiskIT.awaitMore(under, "SMTP " + TEMPORARY, "APPEND " + UNAVAILABLE);
            under.stop();
            under.join();
            System.out.println("read-only disk: " + under.answers());
            onlyTemporary(under);
            mend(disk, loaded);

            rack.run("stop").ok();
            disk.readOnly();
            Rack.Result refused = rack.run("start");
            disk.writable();
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.err()).contains("Read-only file system").hasLineCount(1);
            rack.start();
        }
    }

    private static void mend(SmallDisk disk, LoadedRack loaded) throws Exception {
        loaded.rack().run("stop");
        disk.repair();
        loaded.rack().start();
        assertThat(loaded.check(token -> true)).isEmpty();
    }
}
