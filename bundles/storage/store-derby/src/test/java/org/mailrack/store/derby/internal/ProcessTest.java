package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.MailboxStore.NewMessage;
import org.mailrack.api.store.StoreException;

/** Promise 1: what was told to be stored survives {@code kill -9}; and one process at a time. */
class ProcessTest {

    private static final int TOLD = 20;

    @TempDir
    Path base;

    @Test
    void whatWasToldToBeAppendedSurvivesKillAndTheDatabaseBelongsToOneProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        base.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Long> told = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            while (told.size() < TOLD) {
                String line = lines.readLine();
                assertThat(line).as("a line of the child process").isNotNull();
                told.add(Long.valueOf(line));
                if (told.size() == 1) {
                    assertThatThrownBy(() -> Databases.open(base))
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("in use by another process");
                }
            }
            process.destroyForcibly().waitFor();
        } finally {
            process.destroyForcibly().waitFor();
        }
        Database database = Databases.open(base);
        DerbyMailboxStore store = new DerbyMailboxStore(database);
        MailboxInfo inbox = store.mailboxes("bob").get(0);
        List<Long> kept = new ArrayList<>();
        store.messages(inbox.id(), row -> kept.add(row.uid()));
        assertThat(kept).containsAll(told);
        assertThat(inbox.uidNext()).isGreaterThan(kept.get(kept.size() - 1));
        store.stop();
        database.close();
    }

    /** Appends, and prints each UID after the call has returned, until it is killed. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) {
            DerbyMailboxStore store =
                    new DerbyMailboxStore(new Database(Databases.settings(Path.of(args[0])), Schema.bundled()));
            long inbox = store.create("bob", "INBOX", Optional.empty()).id();
            NewMessage message =
                    new NewMessage(inbox, new ContentRef("c"), 1, Flags.NONE, Instant.EPOCH, Optional.empty());
            while (true) {
                long uid = store.append(List.of(message))
                        .get(0)
                        .row()
                        .orElseThrow()
                        .uid();
                System.out.println(uid);
                System.out.flush();
            }
        }
    }
}
