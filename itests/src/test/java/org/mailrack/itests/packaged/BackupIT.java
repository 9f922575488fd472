package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Clients;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;
import org.mailrack.itests.rack.Wire;

/**
 * A backup that is taken while mail flows: what was answered before it began is in it once, what was answered meanwhile at most once,
 * and the instance that is made of it works.
 */
class BackupIT {

    private static final String BOB = "bob@hamburger.edu";
    private static final String PASSWORD = "pickles";
    private static final int SENDERS = 3;
    /** Some go to files of their own (setting memory.per.message). */
    private static final String LARGE = ("z".repeat(70) + "\r\n").repeat(5000);

    @TempDir
    Path temp;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean stop = new AtomicBoolean();
    /** Guarded by itself. */
    private final List<String> answered = new ArrayList<>();

    @AfterEach
    void end() {
        stop.set(true);
        threads.shutdownNow();
    }

    private int count() {
        synchronized (answered) {
            return answered.size();
        }
    }

    private Set<String> answeredNow() {
        synchronized (answered) {
            return new HashSet<>(answered);
        }
    }

    private void note(String subject) {
        synchronized (answered) {
            answered.add(subject);
        }
    }

    private Callable<Void> sender(Rack rack, int id) {
        return () -> {
            try (Wire smtp = Wire.connect(rack.port(25))) {
                smtp.expect("220 ");
                smtp.exchange("HELO crepes.fr", "250 ");
                for (int i = 0; !stop.get(); i++) {
                    String subject = "mail " + id + '.' + i;
                    smtp.exchange("MAIL FROM:<alice@crepes.fr>", "250 ");
                    smtp.exchange("RCPT TO:<" + BOB + ">", "250 ");
                    smtp.exchange("DATA", "354 ");
                    smtp.raw("Subject: " + subject + "\r\n\r\n" + (i % 20 == 7 ? LARGE : "text\r\n"));
                    smtp.exchange(".", "250 ");
                    note(subject);
                }
            }
            return null;
        };
    }

    /** Appends to Notes and flags what it appended. */
    private Callable<Void> owner(Rack rack) {
        return () -> {
            try (Store imap = Clients.imap(rack.port(143), BOB, PASSWORD)) {
                Folder notes = imap.getFolder("Notes");
                notes.open(Folder.READ_WRITE);
                for (int i = 0; !stop.get(); i++) {
                    append(notes, "note " + i);
                    note("note " + i);
                    Message last = notes.getMessage(notes.getMessageCount());
                    last.setFlag(Flags.Flag.FLAGGED, true);
                    note("flag " + last.getSubject());
                }
            }
            return null;
        };
    }

    private static void append(Folder folder, String subject) throws Exception {
        MimeMessage message = new MimeMessage((Session) null);
        message.setSubject(subject);
        message.setText("text");
        folder.appendMessages(new Message[] {message});
    }

    @Test
    void whatWasAnsweredBeforeIsThereOnceAndWhatCameMeanwhileAtMostOnce() throws Exception {
        Installation installation = Installation.copyTo(temp.resolve("home"));
        Path backup = temp.resolve("backup");
        Set<String> before;
        Set<String> all;
        long uidNext;
        Rack rack = Rack.init(installation, temp.resolve("base"), "--domain", "hamburger.edu");
        try (Rack running = rack.start()) {
            running.addUser(BOB, PASSWORD);
            notes(running);
            List<Future<Void>> clients = new ArrayList<>();
            for (int id = 0; id < SENDERS; id++) {
                clients.add(threads.submit(sender(running, id)));
            }
            clients.add(threads.submit(owner(running)));
            Await.until("mail flows", Duration.ofSeconds(30), () -> count() > 200);
            before = answeredNow();
            running.run("backup", backup.toString()).ok();
            int then = count();
            assertThat(then).as("mail has flowed meanwhile").isGreaterThan(before.size());
            Await.until("mail flows on", Duration.ofSeconds(30), () -> count() > then + 20);
            stop.set(true);
            for (Future<Void> client : clients) {
                client.get(30, TimeUnit.SECONDS);
            }
            all = answeredNow();
            uidNext = uidNext(running);
        }
        Rack restored = Rack.at(installation, temp.resolve("restored"), rack.port(0));
        restored.run("restore", "--check", backup.toString()).ok();
        assertThat(restored.base()).doesNotExist();
        restored.run("restore", backup.toString()).ok();
        try (Rack running = restored.start()) {
            Await.until(
                    "the queue is empty",
                    Duration.ofSeconds(30),
                    () -> running.run("queue", "list").ok().out().isBlank());
            try (Store imap = Clients.imap(running.port(143), BOB, PASSWORD)) {
                List<String> there = new ArrayList<>(subjects(imap, "INBOX", false));
                there.addAll(subjects(imap, "Notes", false));
                there.addAll(subjects(imap, "Notes", true).stream()
                        .map(subject -> "flag " + subject)
                        .toList());
                assertThat(there).doesNotHaveDuplicates().containsAll(before);
                // A flag, or a mail whose sender was told when the test did no longer listen.
                assertThat(there)
                        .filteredOn(subject -> subject.startsWith("mail "))
                        .isSubsetOf(all);
                assertThat(there).doesNotContain("gone");
            }
            assertThat(uidNext(running)).as("RFC 9051 section 2.3.1.1").isGreaterThan(uidNext);
        }
    }

    @Test
    void aBackupThatIsNotWholeIsRefused() throws Exception {
        Installation installation = Installation.copyTo(temp.resolve("home"));
        Path backup = temp.resolve("backup");
        try (Rack rack = Rack.init(installation, temp.resolve("base"), "--domain", "hamburger.edu")) {
            rack.start();
            rack.run("backup", backup.toString()).ok();
            assertThat(rack.run("restore", backup.toString()).err())
                    .contains("a server is running on " + rack.base().toRealPath() + " already");
        }
        Rack restored = Rack.at(installation, temp.resolve("restored"), 0);
        Files.delete(backup.resolve("MANIFEST"));
        Rack.Result refused = restored.run("restore", backup.toString());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains(backup + " is no whole backup: it has no MANIFEST");
        assertThat(restored.base()).doesNotExist();
    }

    /** A message that is removed before the backup stays removed. */
    private static void notes(Rack rack) throws Exception {
        try (Store imap = Clients.imap(rack.port(143), BOB, PASSWORD)) {
            Folder notes = imap.getFolder("Notes");
            notes.create(Folder.HOLDS_MESSAGES);
            notes.open(Folder.READ_WRITE);
            append(notes, "gone");
            notes.getMessage(1).setFlag(Flags.Flag.DELETED, true);
            notes.expunge();
        }
    }

    private static long uidNext(Rack rack) throws Exception {
        try (Store imap = Clients.imap(rack.port(143), BOB, PASSWORD)) {
            org.eclipse.angus.mail.imap.IMAPFolder inbox =
                    (org.eclipse.angus.mail.imap.IMAPFolder) imap.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            return inbox.getUIDNext();
        }
    }

    private static List<String> subjects(Store imap, String name, boolean onlyFlagged) throws Exception {
        Folder folder = imap.getFolder(name);
        folder.open(Folder.READ_ONLY);
        List<String> subjects = new ArrayList<>();
        for (Message message : folder.getMessages()) {
            if (!onlyFlagged || message.isSet(Flags.Flag.FLAGGED)) {
                subjects.add(message.getSubject());
            }
        }
        return subjects;
    }
}
