package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.store.MailboxStore.NewMessage;

class GraveyardTest {

    @TempDir
    Path base;

    @Test
    void aDeletedMailboxLeavesNoDeliveryKeysEvenIfThereAreMoreThanOnePiece() throws Exception {
        Database database = Databases.open(base);
        DerbyMailboxStore store = new DerbyMailboxStore(database, new DeliveryKeys(database, 500));
        long gone = store.create("bob", "Old", Optional.empty()).id();
        long kept = store.create("bob", "INBOX", Optional.empty()).id();
        store.append(
                IntStream.range(0, 4500).mapToObj(i -> message(gone, "k" + i)).toList());
        store.append(List.of(message(gone, "they go to the table")));
        store.append(List.of(message(kept, "k17"), message(kept, "other")));
        store.delete(gone);
        assertThat(database.<List<Long>>run("read", tx -> tx.list("SELECT mailbox FROM deliveries", r -> r.getLong(1))))
                .isEmpty();
        assertThat(store.delivered(kept, List.of("k17", "k18", "other"))).containsExactlyInAnyOrder("k17", "other");
        store.stop();
        database.close();
    }

    private static NewMessage message(long mailbox, String key) {
        return new NewMessage(mailbox, new ContentRef("c"), 1, Flags.NONE, Instant.EPOCH, Optional.of(key));
    }
}
