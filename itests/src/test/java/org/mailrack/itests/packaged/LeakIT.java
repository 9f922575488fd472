package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import jakarta.mail.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.rack.Clients;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;
import org.mailrack.itests.rack.Wire;

/**
 * A filter and a protocol are updated again and again under use, and nothing of the versions before stays: no class loader, no
 * thread, no file, no memory. Some cycles in each build; {@code -Dmailrack.leak.cycles=1000} for the long form.
 */
class LeakIT {

    private static final int CYCLES = Integer.getInteger("mailrack.leak.cycles", 15);
    /** Of the machine's compiler and of pools that the warm-up did not fill; a leak is one thread in each cycle at least. */
    private static final int SPARE_THREADS = Math.min(8, CYCLES / 2);

    /** What the first uses of anything make and keep is no leak. */
    private static final int WARM_UP = 10;

    private static final double MORE = 1.05;
    private static final String FILTER = "org.mailrack.example.subjecttag";
    private static final String LOADER = "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";
    private static final Pattern ROW = Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*$");

    @TempDir
    Path temp;

    /** What the process holds, after a collection of garbage. */
    private record Held(long loaders, long filters, long protocols, long threads, long files, long octets) {}

    @Test
    void updatesLeaveNoClassLoaderThreadFileOrMemoryBehind() throws Exception {
        try (Rack rack = Rack.init(
                        Installation.copyTo(temp.resolve("home")),
                        temp.resolve("base"),
                        "--hostname",
                        "hamburger.edu",
                        "--domain",
                        "hamburger.edu")
                .start()) {
            rack.addUser("bob@hamburger.edu", "pickles");
            Path jar = Path.of(
                    System.getProperty("mailrack.examples"), "filter-subject-tag/target/filter-subject-tag.jar");
            rack.run("bundle", "install", jar.toString()).ok();
            for (int i = 0; i < WARM_UP; i++) {
                cycle(rack);
            }
            Held before = held(rack);
            for (int i = 0; i < CYCLES; i++) {
                cycle(rack);
            }
            Held after = held(rack);
            System.out.printf("leaks: before %d cycles %s, after them %s%n", CYCLES, before, after);
            assertThat(after.loaders()).as("class loaders of bundles").isEqualTo(before.loaders());
            assertThat(after.filters()).as("versions of the filter").isEqualTo(1);
            assertThat(after.protocols()).as("versions of the protocol").isEqualTo(1);
            assertThat((double) after.threads())
                    .as("threads")
                    .isLessThanOrEqualTo(before.threads() * MORE + SPARE_THREADS);
            assertThat((double) after.files()).as("open files").isLessThanOrEqualTo(before.files() * MORE);
            assertThat((double) after.octets()).as("octets of heap").isLessThanOrEqualTo(before.octets() * MORE);
        }
    }

    private static void cycle(Rack rack) throws Exception {
        rack.run("bundle", "update", FILTER).ok();
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 ");
            smtp.exchange("HELO crepes.fr", "250 ");
            smtp.exchange("MAIL FROM:<alice@crepes.fr>", "250 ");
            smtp.exchange("RCPT TO:<bob@hamburger.edu>", "250 ");
            smtp.exchange("DATA", "354 ");
            smtp.raw("Subject: hello\r\n\r\ntext\r\n.\r\n");
            smtp.expect("250 ");
        }
        try (Store pop3 = Clients.pop3(rack.port(110), "bob@hamburger.edu", "pickles")) {
            assertThat(pop3.isConnected()).isTrue();
            rack.run("bundle", "update", "org.mailrack.pop3").ok();
        } catch (jakarta.mail.MessagingException e) {
            // Its session was told goodbye, so QUIT was not answered.
        }
    }

    private static Held held(Rack rack) throws Exception {
        String histogram = jcmd(rack, "GC.class_histogram");
        long loaders = 0;
        long filters = 0;
        long protocols = 0;
        long octets = 0;
        Matcher row = ROW.matcher(histogram);
        while (row.find()) {
            octets += Long.parseLong(row.group(2));
            switch (row.group(3)) {
                case LOADER -> loaders += Long.parseLong(row.group(1));
                // A line for each class: the same name twice is of two class loaders.
                case FILTER + ".SubjectTag" -> filters++;
                case "org.mailrack.pop3.internal.Pop3Protocol" -> protocols++;
                default -> {
                    // of no interest
                }
            }
        }
        Path process = Path.of("/proc", String.valueOf(rack.server().pid()));
        long threads = entries(process.resolve("task"));
        return new Held(loaders, filters, protocols, threads, entries(process.resolve("fd")), octets);
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    private static String jcmd(Rack rack, String command) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                        String.valueOf(rack.server().pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
