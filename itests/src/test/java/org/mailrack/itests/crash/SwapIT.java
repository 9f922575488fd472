package org.mailrack.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Dns;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;

/**
 * Every card is replaced while clients of SMTP, submission, IMAP and POP3 are at work and mail is relayed. Nothing that was
 * acknowledged is lost or doubled, no connection is refused or dropped without a word, and nobody waits long.
 *
 * <p>In each build each card is updated once; {@code -Dmailrack.swap.long=true} stops and starts it, and takes it out and puts it
 * back, too.
 */
class SwapIT {

    /** The store and the contents last, as everybody depends on them. */
    private static final List<String> CARDS = List.of(
            "org.mailrack.smtp",
            "org.mailrack.imap",
            "org.mailrack.pop3",
            "org.mailrack.filtering",
            "org.mailrack.relay",
            "org.mailrack.delivery",
            "org.mailrack.directory",
            "org.mailrack.backup",
            "org.mailrack.storekeeper",
            "org.mailrack.transfer",
            "org.mailrack.mailbox",
            "org.mailrack.spool",
            "org.mailrack.store.derby",
            "org.mailrack.content.log",
            "org.mailrack.shell");

    private static final boolean LONG = Boolean.getBoolean("mailrack.swap.long");
    private static final long SEED = Long.getLong("mailrack.swap.seed", System.nanoTime());
    private static final Duration SERVED = Duration.ofSeconds(20);
    private static final Pattern TOOK = Pattern.compile("in (\\d+) ms");
    /** All that a client may be told instead of what it asked for. */
    private static final Pattern TEMPORARY = Pattern.compile(
            "\\w+ (goodbye|4\\d\\d .*|-ERR \\[SYS/TEMP\\].*|-ERR \\[IN-USE\\].*|-ERR No such message.*|-ERR .*removed.*"
                    + "|NO \\[UNAVAILABLE\\].*)",
            Pattern.DOTALL);

    private final Path folder = Path.of(System.getProperty("mailrack.bundles")).resolveSibling("swap");
    private final Set<String> submitted = ConcurrentHashMap.newKeySet();
    private final List<String> report = new ArrayList<>();
    private long worst;

    @Test
    void everyCardIsSwappedUnderLoadAndNothingIsLostDoubledOrRefused() throws Exception {
        System.out.printf("swap: -Dmailrack.swap.seed=%d%n", SEED);
        Installation.delete(folder);
        Random random = new Random(SEED);
        try (Dns dns = new Dns().mx(RelaySender.DOMAIN, 10, "mx." + RelaySender.DOMAIN);
                SmtpSink sink = new SmtpSink();
                LoadedRack loaded = LoadedRack.start(
                        folder,
                        Map.of("delivery", "retry.first=1\nretry.max=1\n"),
                        "--resolver",
                        dns.address(),
                        "--relay-port",
                        String.valueOf(sink.port()))) {
            List<String> accounts = LoadedRack.ACCOUNTS;
            Load load = loaded.load(
                    new Random(random.nextLong()),
                    List.of(
                            on -> new ImapIdler(on, new Random(random.nextLong()), accounts.get(0)),
                            on -> new ImapIdler(on, new Random(random.nextLong()), accounts.get(1)),
                            on -> new PopReader(on, new Random(random.nextLong()), accounts.get(2)),
                            on -> new RelaySender(on, new Random(random.nextLong()), submitted)));
            load.swapping();
            FullDiskIT.awaitMore(load, "SMTP yes", "APPEND yes", "COPY yes", "STORE yes");
            Await.until("everybody is served", SERVED, () -> load.pauses().allServed());
            for (String card : CARDS) {
                swap(loaded, load, card);
            }
            load.stop();
            load.join();
            report.forEach(System.out::println);
            System.out.printf("swap: longest pause of a client %d ms; %s%n", worst, load.answers());
            assertThat(load.answers().refused())
                    .as("refusals")
                    .filteredOn(answer -> !TEMPORARY.matcher(answer).matches())
                    .isEmpty();
            assertThat(loaded.check(token -> true)).isEmpty();
            assertThat(sink.mails().keySet()).as("relayed").containsAll(submitted);
            System.out.printf(
                    "swap: %d mails relayed, %d of them more than once%n",
                    submitted.size(),
                    sink.mails().values().stream().filter(times -> times > 1).count());
            assertThat(loaded.rack().run("store", "verify").exit()).isZero();
        }
        Installation.delete(folder);
    }

    private void swap(LoadedRack loaded, Load load, String card) throws Exception {
        Rack rack = loaded.rack();
        step(load, card, "updated", () -> rack.run("bundle", "update", card).ok());
        if (LONG && !card.equals("org.mailrack.shell")) {
            step(load, card, "stopped and started", () -> {
                rack.run("bundle", "stop", card).ok();
                return rack.run("bundle", "start", card).ok();
            });
            Path jar = jar(loaded, card);
            step(load, card, "removed and put back", () -> {
                rack.run("bundle", "uninstall", card).ok();
                return rack.run("bundle", "install", jar.toString()).ok();
            });
        }
    }

    private Path jar(LoadedRack loaded, String card) throws Exception {
        try (Stream<Path> files = Files.walk(folder.resolve("home/features"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(card + "-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @FunctionalInterface
    private interface Step {
        Rack.Result take() throws Exception;
    }

    private void step(Load load, String card, String what, Step step) throws Exception {
        load.pauses().reset();
        String said = step.take().out();
        load.pauses().mark();
        try {
            Await.until("everybody is served after " + card + " was " + what, SERVED, () -> load.pauses()
                    .allServed());
        } catch (AssertionError e) {
            throw new AssertionError(
                    "waiting: " + load.pauses().waiting() + "; " + load.answers() + "; "
                            + load.expectations().problems(),
                    e);
        }
        Matcher took = TOOK.matcher(said);
        long pause = load.pauses().longestMillis();
        worst = Math.max(worst, pause);
        report.add(String.format(
                "swap: %-26s %-20s %5s ms, longest pause %5d ms (%s)",
                card,
                what,
                took.find() ? took.group(1) : "?",
                pause,
                load.pauses().whose()));
    }
}
