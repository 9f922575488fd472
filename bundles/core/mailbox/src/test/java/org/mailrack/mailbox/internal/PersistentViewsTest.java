package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mailrack.mailbox.internal.Fixture.ALICE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxCounts;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;

/** Views over restarts: from a snapshot of any time a mailbox is what its rows say. */
class PersistentViewsTest {

    private static final FlagChange SEEN = new FlagChange(FlagChange.Kind.ADD, Flags.of("\\Seen"));

    @TempDir
    private Path folder;

    /** Counts how often all rows were read, and always gives out the same UIDVALIDITY, as a restored copy would. */
    private static final class CountedStore extends InMemoryMailboxStore {
        private int readings;
        private long uidValidity = 1;

        private MailboxInfo same(MailboxInfo i) {
            return new MailboxInfo(
                    i.id(), i.account(), i.name(), uidValidity, i.uidNext(), i.highestModSeq(), i.specialUse());
        }

        @Override
        public synchronized List<MailboxInfo> mailboxes(String account) {
            return super.mailboxes(account).stream().map(this::same).toList();
        }

        @Override
        public synchronized Optional<MailboxInfo> mailbox(long id) {
            return super.mailbox(id).map(this::same);
        }

        @Override
        public synchronized Changes changes(long mailbox, long sinceModSeq) {
            Changes changes = super.changes(mailbox, sinceModSeq);
            return new Changes(same(changes.info()), changes.rows(), changes.vanished());
        }

        @Override
        public void messages(long mailbox, Consumer<MessageRow> visitor) {
            readings++;
            super.messages(mailbox, visitor);
        }
    }

    private CountedStore store = new CountedStore();

    private static MailboxLimits limits(int rows, long octets, long preload) {
        MailboxLimits d = MailboxLimits.DEFAULTS;
        return new MailboxLimits(
                255,
                20,
                100,
                100,
                100,
                new ViewLimits(200, octets, rows, 0, 1 << 20, preload),
                1000,
                1000,
                10,
                5,
                d.autocreate(),
                d.mime());
    }

    private MailboxesImpl rack() {
        return rack(1 << 20);
    }

    private MailboxesImpl rack(long octets) {
        return new MailboxesImpl(store, contents, limits(1, octets, 0), Optional.of(folder));
    }

    private final InMemoryContentStore contents = new InMemoryContentStore();

    private static List<MessageRow> rows(MailboxView view) {
        List<MessageRow> rows = new ArrayList<>();
        for (int i = 0; i < view.size(); i++) {
            rows.add(view.row(i));
        }
        return rows;
    }

    private void append(MailboxesImpl mailboxes, String mailbox, int count, String... flags) {
        List<Mailboxes.NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ContentWriter writer = mailboxes.create();
            writer.write(ByteBuffer.wrap(new byte[i + 1]));
            messages.add(new Mailboxes.NewMessage(writer, Flags.of(flags), Fixture.NOON));
        }
        mailboxes.append(ALICE, mailbox, messages);
    }

    private void change(MailboxesImpl mailboxes, Random random) {
        try (Mailbox inbox = mailboxes.open(ALICE, "INBOX")) {
            MailboxView view = inbox.view();
            int at = view.size() == 0 ? 0 : random.nextInt(view.size());
            UidSet some = view.size() == 0
                    ? UidSet.of(1)
                    : UidSet.range(view.uid(at), view.uid(at) + random.nextInt(random.nextInt(10) == 0 ? 700 : 9));
            switch (random.nextInt(6)) {
                case 0 -> append(mailboxes, "INBOX", 1 + random.nextInt(random.nextInt(5) == 0 ? 800 : 4), "$k");
                case 1 -> append(mailboxes, "INBOX", 1 + random.nextInt(40), "\\Seen");
                case 2 -> inbox.expunge(some);
                case 3 -> inbox.copy(some, random.nextBoolean() ? "INBOX" : "Archive");
                case 4 -> inbox.move(some, random.nextBoolean() ? "INBOX" : "Archive");
                default ->
                    inbox.changeFlags(
                            some,
                            new FlagChange(
                                    FlagChange.Kind.values()[random.nextInt(3)],
                                    Flags.of("\\Seen", "$K" + random.nextInt(4))),
                            OptionalLong.empty());
            }
        }
    }

    private void isWhatRowsSay(MailboxesImpl mailboxes, String name) {
        MailboxesImpl plain = rackWithout();
        MailboxCounts counts = mailboxes.counts(ALICE, name);
        assertThat(counts).isEqualTo(plain.counts(ALICE, name));
        try (Mailbox found = mailboxes.open(ALICE, name);
                Mailbox expected = plain.open(ALICE, name)) {
            assertThat(found.view().info()).isEqualTo(expected.view().info());
            assertThat(rows(found.view())).isEqualTo(rows(expected.view()));
            assertThat(found.view().unseen()).isEqualTo(expected.view().unseen());
            assertThat(found.view().keywords()).isEqualTo(expected.view().keywords());
        }
        plain.close();
    }

    @Test
    void afterAnyChangesAndRestartsAMailboxIsWhatItsRowsSay() {
        for (int seed = 0; seed < 8; seed++) {
            store = new CountedStore();
            Random random = new Random(seed);
            for (int start = 0; start < 12; start++) {
                MailboxesImpl mailboxes = rack();
                // One process without snapshots between, so that they are behind by some changes.
                MailboxesImpl others = rackWithout();
                for (int n = random.nextInt(6); n >= 0; n--) {
                    change(mailboxes, random);
                }
                mailboxes.close();
                for (int n = random.nextInt(6); n > 0; n--) {
                    change(others, random);
                }
                int before = store.readings;
                MailboxesImpl restarted = rack();
                if (start > 6) {
                    try (Mailbox inbox = restarted.open(ALICE, "INBOX")) {
                        assertThat(inbox.view().size()).isNotNegative();
                    }
                    assertThat(store.readings - before)
                            .as("rows read, seed " + seed + " start " + start)
                            .isZero();
                }
                isWhatRowsSay(restarted, "INBOX");
                isWhatRowsSay(restarted, "Archive");
                restarted.close();
            }
        }
    }

    @Test
    void aSnapshotOfAnyTimeLeadsToWhatIsThereNow() throws IOException {
        Random random = new Random(5);
        List<byte[]> files = new ArrayList<>();
        copied();
        for (int i = 0; i < 40; i++) {
            MailboxesImpl mailboxes = rack();
            change(mailboxes, random);
            append(mailboxes, "INBOX", 1);
            isWhatRowsSay(mailboxes, "INBOX");
            mailboxes.close();
            files.add(Files.readAllBytes(file()));
        }
        for (byte[] file : files) {
            Files.write(file(), file);
            MailboxesImpl mailboxes = rack();
            int before = store.readings;
            mailboxes.open(ALICE, "INBOX").close();
            assertThat(store.readings).isEqualTo(before);
            isWhatRowsSay(mailboxes, "INBOX");
            mailboxes.close();
        }
    }

    private Path file() {
        try (Stream<Path> files = Files.list(folder)) {
            long id = store.mailboxes(ALICE).stream()
                    .filter(i -> i.name().equals("INBOX"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            return files.filter(f -> f.getFileName().toString().equals(id + ".view"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A mailbox with the same thirty messages each time, as copies of one database have. */
    private long copied() {
        store = new CountedStore();
        long id = rackWithout().find(ALICE, "INBOX").orElseThrow().id();
        List<MailboxStore.NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            messages.add(new MailboxStore.NewMessage(
                    id, new ContentRef("0-" + i), 5, Flags.NONE, Fixture.NOON, Optional.empty()));
        }
        store.append(messages);
        return id;
    }

    private MailboxesImpl rackWithout() {
        return new MailboxesImpl(store, contents, MailboxLimits.DEFAULTS);
    }

    private void openAndClose(MailboxesImpl mailboxes) {
        mailboxes.open(ALICE, "INBOX").close();
        mailboxes.close();
    }

    @Test
    void aSnapshotThatTheDatabaseHasNotReachedIsThrownAway() {
        long id = copied();
        store.changeFlags(id, UidSet.of(3), SEEN, OptionalLong.empty());
        openAndClose(rack());
        // The same mailbox, but the last commit did not come to the disk.
        copied();
        MailboxesImpl restarted = rack();
        isWhatRowsSay(restarted, "INBOX");
        assertThat(store.readings)
                .as("by this, and by what it is compared with")
                .isEqualTo(2);
        restarted.close();
        // Its snapshot is the one that is there now.
        MailboxesImpl again = rack();
        again.open(ALICE, "INBOX").close();
        assertThat(store.readings).isEqualTo(2);
        again.close();
    }

    @Test
    void aSnapshotOfAnotherPastIsThrownAwayAlsoWhenItsNumbersFit() {
        for (int other = 0; other < 4; other++) {
            long id = copied();
            store.changeFlags(id, UidSet.of(3), SEEN, OptionalLong.empty());
            openAndClose(rack());
            // Put back from a copy that was made before the change, and gone on from there by another.
            copied();
            switch (other) {
                case 0 -> store.changeFlags(id, UidSet.of(4), SEEN, OptionalLong.empty());
                case 1 -> {
                    store.changeFlags(id, UidSet.of(4), SEEN, OptionalLong.empty());
                    store.changeFlags(id, UidSet.of(4, 5), SEEN, OptionalLong.empty());
                }
                case 2 -> store.expunge(id, UidSet.of(4));
                default -> store.copy(id, UidSet.of(3), id);
            }
            MailboxesImpl restarted = rack();
            openAndClose(restarted);
            assertThat(store.readings).isEqualTo(1);
            MailboxesImpl again = rack();
            isWhatRowsSay(again, "INBOX");
            again.close();
        }
    }

    @Test
    void aSnapshotOfAnotherUidValidityIsThrownAway() {
        copied();
        openAndClose(rack());
        store.uidValidity = 2;
        int before = store.readings;
        try (Mailbox inbox = rack().open(ALICE, "INBOX")) {
            assertThat(inbox.view().info().uidValidity()).isEqualTo(2);
            assertThat(inbox.view().size()).isEqualTo(30);
        }
        assertThat(store.readings).isEqualTo(before + 1);
    }

    @Test
    void aProcessThatDiesWhileItWritesASnapshotLeavesTheOneBefore() throws IOException {
        copied();
        openAndClose(rack());
        byte[] whole = Files.readAllBytes(file());
        Path unfinished = folder.resolve("99.new");
        Files.write(unfinished, Arrays.copyOf(whole, whole.length / 2));
        MailboxesImpl second = rack();
        append(second, "INBOX", 1);
        isWhatRowsSay(second, "INBOX");
        second.close();
        assertThat(unfinished).as("left over").doesNotExist();
        String name = file().getFileName().toString();
        // Renamed, but only some of its octets on the disk when the power went.
        for (int length = 0; length < whole.length; length += 37) {
            for (byte[] found :
                    List.of(Arrays.copyOf(whole, length), Arrays.copyOf(Arrays.copyOf(whole, length), whole.length))) {
                Files.write(folder.resolve(name), found);
                MailboxesImpl third = rack();
                isWhatRowsSay(third, "INBOX");
                third.close();
            }
        }
    }

    @Test
    void statusOfAMailboxThatHasNotChangedNeedsNoRows() {
        MailboxesImpl plain = rackWithout();
        append(plain, "INBOX", 30, "\\Deleted");
        openAndClose(rack());
        MailboxCounts expected = plain.counts(ALICE, "INBOX");
        int before = store.readings;
        MailboxesImpl second = rack();
        assertThat(second.counts(ALICE, "INBOX")).isEqualTo(expected);
        assertThat(second.live().present()).isEmpty();
        store.claimRecent(expected.info().id());
        assertThat(second.counts(ALICE, "INBOX").recent()).isZero();
        append(plain, "INBOX", 1);
        assertThat(second.counts(ALICE, "INBOX").messages()).isEqualTo(31);
        assertThat(second.counts(ALICE, "INBOX").recent()).isEqualTo(1);
        assertThat(store.readings).isEqualTo(before);
    }

    @Test
    void aMailboxThatLeavesMemoryIsWrittenAndOneThatIsDeletedLeavesNoFile() {
        MailboxesImpl mailboxes = rack(1);
        append(mailboxes, "INBOX", 200);
        append(mailboxes, "Archive", 200);
        mailboxes.open(ALICE, "INBOX").close();
        mailboxes.open(ALICE, "Archive").close();
        assertThat(mailboxes.live().present()).isEmpty();
        mailboxes.close();
        assertThat(names()).hasSize(2);
        MailboxesImpl second = rack();
        second.delete(ALICE, "Archive");
        second.close();
        assertThat(names()).hasSize(1);
        MailboxesImpl third = rack();
        for (int i = 0; i < 60; i++) {
            third.create(ALICE, "box" + i, Optional.empty());
            append(third, "box" + i, 1);
            third.open(ALICE, "box" + i).close();
        }
        third.close();
        assertThat(names()).hasSizeGreaterThan(50);
        third = rack();
        third.deleteAccount(ALICE);
        third.close();
        assertThat(names()).isEmpty();
    }

    @Test
    void theOldestSnapshotsGoWhenAllTakeTooMuch() throws IOException {
        SnapshotFolder files = new SnapshotFolder(folder);
        long each = Sealed.write(Sealed.view(2_000, 1)).length;
        for (int id = 1; id <= 6; id++) {
            View view = Sealed.view(2_000, 1);
            MailboxInfo i = view.info();
            MailboxInfo of =
                    new MailboxInfo(id, i.account(), i.name(), 1, i.uidNext(), i.highestModSeq(), Optional.empty());
            assertThat(files.write(view.with(of), 3 * each + 100)).isTrue();
            Files.setLastModifiedTime(folder.resolve(id + ".view"), FileTime.fromMillis(1_000_000L * id));
        }
        assertThat(names()).containsExactly("4.view", "5.view", "6.view");
        files.delete(5);
        assertThat(files.write(Sealed.view(2_000, 1), each / 2))
                .as("larger than all may be")
                .isFalse();
        assertThat(names()).containsExactly("4.view", "6.view");
    }

    @Test
    void whatWasWrittenLastIsReadInAdvance() throws Exception {
        copied();
        MailboxesImpl first = rack();
        for (String name : List.of("Archive", "Sent", "Trash")) {
            append(first, name, 500);
            first.open(ALICE, name).close();
        }
        first.open(ALICE, "INBOX").close();
        first.close();
        assertThat(names()).hasSize(4);
        for (MailboxInfo info : store.mailboxes(ALICE)) {
            if (!info.name().equals("Drafts") && !info.name().equals("Junk")) {
                Files.setLastModifiedTime(
                        folder.resolve(info.id() + ".view"),
                        FileTime.fromMillis(1_000_000 * info.name().charAt(0)));
            }
        }
        long some = Files.size(file()) / 2
                + store.mailboxes(ALICE).stream()
                        .filter(i -> i.name().equals("Trash") || i.name().equals("Sent"))
                        .mapToLong(
                                i -> folder.resolve(i.id() + ".view").toFile().length())
                        .sum();
        Files.write(folder.resolve("other"), new byte[1]);
        int before = store.readings;
        MailboxesImpl second = new MailboxesImpl(store, contents, limits(1, 1 << 20, some), Optional.of(folder));
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (second.live().idle() < 2) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        second.close();
        assertThat(second.live().present().stream().map(l -> l.view().info().name()))
                .containsExactlyInAnyOrder("Trash", "Sent");
        assertThat(store.readings).isEqualTo(before);
    }

    @Test
    void aFolderThatCannotBeWrittenHarmsNobody() throws IOException {
        Files.write(folder.resolve("file"), new byte[1]);
        MailboxesImpl mailboxes =
                new MailboxesImpl(store, contents, limits(1, 1 << 20, 0), Optional.of(folder.resolve("file/views")));
        append(mailboxes, "INBOX", 30);
        isWhatRowsSay(mailboxes, "INBOX");
        mailboxes.close();
    }
}
