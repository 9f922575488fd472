package org.mailrack.itests.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import jakarta.mail.MessagingException;

/**
 * Changes an account by IMAP. Several do so at once: each has the messages of INBOX whose UIDs leave a remainder of its own, and
 * mailboxes of its own; so each knows what must become of what it does.
 */
final class ImapOwner extends LoadClient {

    private static final List<String> FLAGS =
            List.of("\\Seen", "\\Answered", "\\Flagged", "$Forwarded", "pickles", "no");
    private static final int MAX_FOLDERS = 4;
    /** More messages than that in a mailbox, and it is tidied up. */
    private static final int ENOUGH = 40;

    private final String account;
    private final int number;
    private final int owners;
    private ImapTalk talk;
    private String selected = "";
    private long polled;
    /** What was asked for when the server took leave; nobody knows whether it was done. */
    private Change open;
    /** Mailboxes that may have another name by now or be no more, since a refusal left that in doubt. */
    private final Set<String> uncertain = new TreeSet<>();

    ImapOwner(Load load, Random random, String account, int number, int owners) {
        super(load, random);
        this.account = account;
        this.number = number;
        this.owners = owners;
    }

    @Override
    void session() throws IOException {
        try (ImapTalk opened = ImapTalk.connect(load.port(143))) {
            talk = opened;
            ImapTalk.Answer login = talk.command("LOGIN " + account + ' ' + Load.PASSWORD);
            if (!login.ok()) {
                load.answers().no("LOGIN", login.text());
                pause();
                return;
            }
            selected = "";
            polled = 0;
            settle();
            while (!load.over()) {
                act();
                pause();
            }
            talk.logout();
        }
    }

    /** Looks what became of the change of which nobody knows. */
    private void settle() throws IOException {
        if (open != null) {
            Actual actual = look();
            load.expectations().settle(account, open, actual);
            open = null;
        }
    }

    private Actual look() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return AccountReader.read(load.port(143), account, token -> false, load.expectations()::problem);
            } catch (MessagingException e) {
                // Others rename and delete meanwhile, and the server may take leave again.
                if (attempt == 50) {
                    throw new IOException(e);
                }
                pause();
            }
        }
    }

    private void act() throws IOException {
        String folder = anyFolder();
        int count = mine(folder).size();
        if (count > ENOUGH && random.nextInt(3) == 0) {
            expunge(folder, pick(folder, count - ENOUGH / 2));
            return;
        }
        switch (random.nextInt(12)) {
            case 0, 1 -> poll();
            case 2, 3 -> append(folder);
            case 4, 5 -> flags(folder, pick(folder, 10));
            case 6, 7 -> transfer(folder, pick(folder, 8), false);
            case 8, 9 -> transfer(folder, pick(folder, 8), true);
            case 10 -> expunge(folder, pick(folder, 6));
            default -> folders();
        }
    }

    /** Looks for mail that was delivered. */
    private void poll() throws IOException {
        if (!select(ExpectedAccount.INBOX)) {
            return;
        }
        ImapTalk.Answer answer = talk.command(
                "UID FETCH " + (polled + 1) + ":* (UID FLAGS BODY.PEEK[HEADER.FIELDS (" + LoadMail.FIELD + ")])");
        for (ImapTalk.Fetched fetched : answer.fetched()) {
            load.expectations().seen(account, fetched.uid(), fetched.token(), fetched.flags());
            polled = Math.max(polled, fetched.uid());
        }
    }

    private void append(String folder) throws IOException {
        List<LoadMail> mails = new ArrayList<>();
        for (int i = random.nextInt(4) == 0 ? 3 : 1; i > 0; i--) {
            mails.add(load.mail(random));
        }
        Set<String> flags = anyFlags();
        String given = '(' + String.join(" ", flags) + ')';
        StringBuilder command = new StringBuilder("APPEND " + folder);
        for (LoadMail mail : mails) {
            byte[] octets = mail.octets();
            command.append(' ').append(given).append(" {").append(octets.length).append("+}\r\n");
            command.append(new String(octets, StandardCharsets.US_ASCII));
        }
        ask(new Change.Append(folder, mails, flags), command.toString());
    }

    private void flags(String folder, List<Long> uids) throws IOException {
        if (!uids.isEmpty()) {
            flags(folder, uids, random.nextInt(3) > 0, anyFlags());
        }
    }

    private boolean flags(String folder, List<Long> uids, boolean add, Set<String> flags) throws IOException {
        if (!select(folder)) {
            return false;
        }
        String silent = random.nextBoolean() ? ".SILENT" : "";
        return ask(
                new Change.Flags(folder, uids, add, flags),
                "UID STORE " + ImapTalk.set(uids) + (add ? " +" : " -") + "FLAGS" + silent + " ("
                        + String.join(" ", flags) + ')');
    }

    private void transfer(String folder, List<Long> uids, boolean move) throws IOException {
        String target = ownFolder();
        if (!uids.isEmpty() && !target.isEmpty() && !(move && folder.equals(target)) && select(folder)) {
            ask(
                    new Change.Transfer(folder, uids, target, move),
                    (move ? "UID MOVE " : "UID COPY ") + ImapTalk.set(uids) + ' ' + target);
        }
    }

    private void expunge(String folder, List<Long> uids) throws IOException {
        if (!uids.isEmpty() && flags(folder, uids, true, Set.of("\\Deleted"))) {
            ask(new Change.Expunge(folder, uids), "UID EXPUNGE " + ImapTalk.set(uids));
        }
    }

    private void folders() throws IOException {
        List<String> own = own();
        String name = prefix() + Integer.toString(random.nextInt(1_000_000), 36);
        if (own.size() < MAX_FOLDERS || random.nextInt(3) == 0 && own.size() < 2 * MAX_FOLDERS) {
            ask(new Change.Create(name), "CREATE " + name);
        } else if (random.nextBoolean()) {
            String from = own.get(random.nextInt(own.size()));
            if (leave(from)) {
                ask(new Change.Rename(from, name), "RENAME " + from + ' ' + name);
            }
        } else {
            String gone = own.get(random.nextInt(own.size()));
            if (leave(gone)) {
                ask(new Change.Delete(gone), "DELETE " + gone);
            }
        }
    }

    /** Asks for a change and notes its answer; false when it was refused. */
    private boolean ask(Change change, String command) throws IOException {
        // What others made known here before must be known to the session too, or the server passes over it.
        talk.command("NOOP");
        load.expectations().asking(account, change);
        open = load.isSwapping() ? change : null;
        ImapTalk.Answer answer = talk.command(command);
        open = null;
        String verb = command.replaceFirst("^UID ", "").split(" ")[0];
        if (answer.ok()) {
            load.expectations().done(account, change, answer.made());
            load.answers().yes(verb);
            progress();
        } else {
            if (doubtful()) {
                uncertain.addAll(change.takesAway());
            } else {
                load.expectations().notDone(account, change);
            }
            refused(verb, change.folder(), answer);
        }
        return answer.ok();
    }

    private void refused(String verb, String folder, ImapTalk.Answer answer) {
        if (!(uncertain.contains(folder) && answer.text().contains("No such mailbox"))) {
            load.answers().no(verb, answer.text());
        }
    }

    /** Selects it, if it is not; false when that was refused. */
    private boolean select(String folder) throws IOException {
        if (folder.equals(selected)) {
            return true;
        }
        selected = "";
        ImapTalk.Answer answer = talk.command("SELECT " + folder);
        if (!answer.ok()) {
            refused("SELECT", folder, answer);
            return false;
        }
        selected = folder;
        return true;
    }

    private boolean leave(String folder) throws IOException {
        return !folder.equals(selected) || select(ExpectedAccount.INBOX);
    }

    private String prefix() {
        return "own" + number + '-';
    }

    private List<String> own() {
        return load.expectations().look(account, folders -> folders.keySet().stream()
                .filter(name -> name.startsWith(prefix()))
                .toList());
    }

    private String ownFolder() {
        List<String> own = own();
        return own.isEmpty() ? "" : own.get(random.nextInt(own.size()));
    }

    private String anyFolder() {
        String own = ownFolder();
        return own.isEmpty() || random.nextBoolean() ? ExpectedAccount.INBOX : own;
    }

    /** UIDs that are this client's to change. */
    private List<Long> mine(String folder) {
        Predicate<Long> ours = folder.equals(ExpectedAccount.INBOX) ? uid -> uid % owners == number : uid -> true;
        return load.expectations().look(account, folders -> folders.get(folder).messages().keySet().stream()
                .filter(ours)
                .toList());
    }

    /** At most so many of them, with gaps or without. */
    private List<Long> pick(String folder, int most) {
        List<Long> mine = mine(folder);
        int count = Math.min(mine.size(), 1 + random.nextInt(Math.max(1, most)));
        int from = mine.isEmpty() ? 0 : random.nextInt(mine.size() - count + 1);
        List<Long> run = mine.subList(from, from + count);
        boolean gaps = random.nextBoolean();
        List<Long> some =
                run.stream().filter(uid -> !gaps || random.nextInt(3) > 0).toList();
        return some.isEmpty() ? run : some;
    }

    private Set<String> anyFlags() {
        Set<String> flags = new TreeSet<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            flags.add(FLAGS.get(random.nextInt(FLAGS.size())));
        }
        return flags;
    }

    @Override
    public String toString() {
        return account + " owner " + number;
    }
}
