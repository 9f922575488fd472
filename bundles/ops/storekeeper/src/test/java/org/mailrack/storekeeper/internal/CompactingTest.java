package org.mailrack.storekeeper.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.store.ContentHolder;
import org.mailrack.api.store.MailboxStore.NewMessage;
import org.mailrack.api.store.StoreException;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;

class CompactingTest {

    @TempDir
    Path folder;

    private final InMemoryContentStore contents = new InMemoryContentStore();
    private final InMemoryMailboxStore mailboxes = new InMemoryMailboxStore();
    private final ContentRef queued = put("in the queue");
    private final ContentRef stored = put("in a mailbox");
    private final ContentRef dead = put("nowhere");
    private Holders holders;
    private Compacting compacting;

    @BeforeEach
    void fill() {
        long inbox =
                mailboxes.create("bob@hamburger.edu", "INBOX", Optional.empty()).id();
        mailboxes.append(List.of(new NewMessage(inbox, stored, 12, Flags.NONE, Instant.EPOCH, Optional.empty())));
        begin();
        compacting.claimWhatIsNew();
    }

    private void begin() {
        holders = new Holders(
                List.of(visitor -> visitor.reference(queued, 12), mailboxes), folder.resolve("sub/holders"));
        compacting = new Compacting(contents, mailboxes, holders);
    }

    private ContentRef put(String text) {
        return contents.put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Map<String, Object> run() {
        return compacting.run(Duration.ZERO, 0, 60);
    }

    private boolean isThere(ContentRef ref) {
        try {
            contents.open(ref);
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    @Test
    void whatNobodyNeedsGoesAndNothingElse() {
        assertThat(run())
                .containsEntry("removed", 1)
                .containsEntry("octets", 7L)
                .containsEntry("complete", true);
        assertThat(isThere(queued)).isTrue();
        assertThat(isThere(stored)).isTrue();
        assertThat(isThere(dead)).isFalse();
    }

    @Test
    void whatIsYoungStays() {
        compacting.run(Duration.ofHours(1), 0, 60);
        assertThat(isThere(dead)).isTrue();
    }

    /** A database that was lost and begun anew knows no message: all mail would be taken for dead. */
    @Test
    void contentsOfAnotherDatabaseAreNotTouchedUntilSomebodySaysSo() {
        compacting = new Compacting(contents, new InMemoryMailboxStore(), holders);
        compacting.claimWhatIsNew();
        assertThatThrownBy(this::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("store claim");
        assertThat(isThere(dead)).isTrue();
        compacting.claim();
        run();
        assertThat(isThere(dead)).isFalse();
    }

    @Test
    void aBundleThatKeepsReferencesIsAskedAndMissedWhenItIsNotThere() {
        ContentHolder other = visitor -> visitor.reference(dead, 7);
        holders.add("com.example.archive", other);
        run();
        assertThat(isThere(dead)).isTrue();
        holders.remove("com.example.archive", other);
        assertThatThrownBy(this::run)
                .hasMessageContaining("com.example.archive")
                .hasMessageContaining("store forget");
        begin(); // after a restart, too
        assertThatThrownBy(this::run).hasMessageContaining("com.example.archive");
        assertThat(isThere(dead)).isTrue();
        holders.add("com.example.archive", other);
        run();
        assertThat(isThere(dead)).isTrue();
        assertThat(holders.forget("com.example.archive")).as("it is there").isFalse();
        holders.remove("com.example.archive", other);
        assertThat(holders.forget("com.example.archive")).isTrue();
        run();
        assertThat(isThere(dead)).isFalse();
    }

    @Test
    void aHolderThatCannotBeAskedStopsIt() {
        holders.add("com.example.archive", visitor -> {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "its database is down");
        });
        assertThatThrownBy(this::run).isInstanceOf(StoreException.class);
        assertThat(isThere(dead)).isTrue();
    }

    @Test
    void aListOfHoldersThatCannotBeReadStopsIt() throws Exception {
        Files.createDirectories(folder.resolve("sub/holders"));
        assertThatThrownBy(this::run).isInstanceOf(StoreException.class);
        assertThat(isThere(dead)).isTrue();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void itRunsFromTimeToTimeAndAFailureDoesNotEndThat() {
        boolean[] down = {true};
        ContentHolder failing = visitor -> {
            if (down[0]) {
                down[0] = false;
                throw new IllegalArgumentException("once");
            }
        };
        holders.add("com.example.archive", failing);
        Housekeeping housekeeping = new Housekeeping(compacting, Duration.ofMillis(20), Duration.ZERO, 0, 60);
        while (isThere(dead)) {
            Thread.onSpinWait();
        }
        housekeeping.close();
        assertThat(down[0]).isFalse();
    }
}
