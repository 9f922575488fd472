package org.mailrack.itests.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.mail.MessagingException;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;

/** An instance of the packaged rack with the accounts that a load needs, and what its clients were promised. */
final class LoadedRack implements AutoCloseable {

    static final List<String> ACCOUNTS = List.of("alice@" + Load.DOMAIN, "bob@" + Load.DOMAIN, "carl@" + Load.DOMAIN);

    private static final Duration DRAIN = Duration.ofSeconds(90);
    private static final Pattern MOD_SEQ = Pattern.compile("\"name\":\\s*\"([^\"]*)\"[^}]*\"modSeq\":\\s*(\\d+)");

    private final Rack rack;
    private final Expectations expectations = new Expectations(ACCOUNTS);
    private final Map<String, Long> modSeqs = new HashMap<>();
    /** Names of mails whose octets were compared before. */
    private final Set<String> compared = new HashSet<>();

    private int loads;

    private LoadedRack(Rack rack) {
        this.rack = rack;
    }

    /**
     * Makes an instance in {@code base} of the folder and starts it.
     *
     * @param settings the text of files of settings, by their names without {@code org.mailrack.} and {@code .cfg}
     * @param options of init
     */
    static LoadedRack start(Path folder, Map<String, String> settings, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--domain", Load.DOMAIN));
        all.addAll(List.of(options));
        Rack rack = Rack.init(
                Installation.copyTo(folder.resolve("home")), folder.resolve("base"), all.toArray(String[]::new));
        for (Map.Entry<String, String> file : settings.entrySet()) {
            Files.writeString(rack.etc("org.mailrack." + file.getKey() + ".cfg"), file.getValue());
        }
        Path directory = rack.etc("org.mailrack.directory.cfg");
        Files.writeString(
                directory,
                Files.readString(directory).replaceAll("(?m)^plaintext\\.loopback=.*$", "plaintext.loopback=true"));
        LoadedRack loaded = new LoadedRack(rack.start());
        boolean done = false;
        try {
            for (String account : ACCOUNTS) {
                rack.addUser(account, Load.PASSWORD);
            }
            List<String> alias = new ArrayList<>(List.of("user", "alias", Load.TEAM));
            alias.addAll(ACCOUNTS);
            rack.run(alias.toArray(String[]::new)).ok();
            loaded.check(token -> true);
            done = true;
            return loaded;
        } finally {
            if (!done) {
                loaded.close();
            }
        }
    }

    Rack rack() {
        return rack;
    }

    Expectations expectations() {
        return expectations;
    }

    /** Lets the clients loose. */
    Load load(Random seeds) {
        return load(seeds, List.of());
    }

    /** Lets more clients loose than change mailboxes. */
    Load load(Random seeds, List<Function<Load, LoadClient>> more) {
        return new Load(rack, ACCOUNTS, expectations, "load" + ++loads).start(seeds, more);
    }

    /** Waits until all mail was delivered and compares everything; the octets of those mails, too, and of those never seen. */
    List<String> check(Predicate<String> whole) throws Exception {
        Await.until(
                "the queue is empty",
                DRAIN,
                () -> rack.run("queue", "list", "--json").ok().out().strip().equals("[]"));
        List<String> problems = new ArrayList<>();
        Map<String, Actual> found = read(token -> !compared.contains(token) || whole.test(token), problems);
        for (String account : ACCOUNTS) {
            checkModSeqs(account, problems);
        }
        found.values().stream()
                .flatMap(account -> account.folders().values().stream())
                .flatMap(folder -> folder.messages().values().stream())
                .forEach(message -> compared.add(message.token()));
        problems.addAll(expectations.check(found));
        return problems;
    }

    /** Reads all accounts. */
    Map<String, Actual> read(Predicate<String> whole, List<String> problems) throws MessagingException, IOException {
        Map<String, Actual> found = new HashMap<>();
        for (String account : ACCOUNTS) {
            found.put(account, AccountReader.read(rack.port(143), account, whole, problems::add));
        }
        return found;
    }

    /** Mod-sequences are not to be seen by IMAP without CONDSTORE; the operator's command tells them. */
    private void checkModSeqs(String account, List<String> problems) throws Exception {
        Matcher row = MOD_SEQ.matcher(
                rack.run("--json", "mailbox", "list", account).ok().out());
        while (row.find()) {
            long modSeq = Long.parseLong(row.group(2));
            Long before = modSeqs.put(account + ' ' + row.group(1), modSeq);
            if (before != null && modSeq < before) {
                problems.add(account + ' ' + row.group(1) + ": the mod-sequence was " + before + " and is " + modSeq);
            }
        }
    }

    @Override
    public void close() {
        rack.close();
    }
}
