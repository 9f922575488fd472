package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mailrack.testkit.ContentStoreContract.ascii;
import static org.mailrack.testkit.ContentStoreContract.get;
import static org.mailrack.testkit.ContentStoreContract.read;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.SpoolJournal;

/** What every {@link SpoolJournal} must do. A backend's test extends this and says how to get at its journal. */
public abstract class SpoolJournalContract {

    /** The journal under test, the same one during a test. */
    protected abstract SpoolJournal journal();

    /** The content store of the same backend. */
    protected abstract ContentStore contents();

    /** Stops the store without farewell, as a crash does, and opens what is on disk; a store in memory stays as it is. */
    protected void restart() throws Exception {}

    /** Octets that are more than the store holds in memory for one writer. */
    protected int largeSize() {
        return 600 * 1024;
    }

    @Test
    void aNewJournalIsEmpty() throws Exception {
        assertThat(replay()).isEmpty();
        restart();
        assertThat(replay()).isEmpty();
    }

    @Test
    void entriesAreReplayedInTheOrderOfAppending() throws Exception {
        for (int i = 0; i < 50; i++) {
            get(journal().append(ascii("entry " + i)));
        }
        restart();
        assertThat(replay()).hasSize(50).startsWith("entry 0", "entry 1").endsWith("entry 49");
    }

    @Test
    void theOrderIsThatOfTheCallsEvenWhenNobodyWaits() throws Exception {
        var last = journal().append(ascii("0"));
        for (int i = 1; i < 100; i++) {
            last = journal().append(ascii("" + i));
        }
        get(last);
        restart();
        assertThat(replay()).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(replay().get(i)).isEqualTo("" + i);
        }
    }

    @Test
    void anEntryThatNobodyWaitsForIsDurableSoonAndInItsPlace() throws Exception {
        get(journal().append(ascii("first")));
        var second = journal().appendSoon(ascii("second"));
        var third = journal().append(ascii("third"));
        get(third);
        get(second);
        get(journal().appendSoon(ascii("last")));
        restart();
        assertThat(replay()).containsExactly("first", "second", "third", "last");
    }

    @Test
    void anEntryAndItsContentAreKeptTogether() throws Exception {
        for (int size : new int[] {0, 10, largeSize()}) {
            byte[] octets = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
            ContentWriter writer = contents().create();
            writer.write(ByteBuffer.wrap(octets));
            ContentRef ref = get(journal().append(ascii("with " + size), writer));
            assertThat(read(contents().open(ref))).isEqualTo(octets);
            restart();
            List<ContentRef> replayed = new ArrayList<>();
            journal().replay((entry, content) -> content.ifPresent(replayed::add));
            assertThat(replayed).last().isEqualTo(ref);
            assertThat(read(contents().open(ref))).isEqualTo(octets);
        }
        assertThat(replay()).hasSize(3).startsWith("with 0+");
    }

    @Test
    void contentsThatWereCommittedAloneAreNotReplayed() throws Exception {
        get(contents().commit(contents().create()));
        get(journal().append(ascii("only")));
        get(contents().commit(contents().create()));
        restart();
        assertThat(replay()).containsExactly("only");
    }

    @Test
    void aCheckpointReplacesWhatCameBefore() throws Exception {
        ContentWriter writer = contents().create();
        writer.write(ascii("kept"));
        ContentRef ref = get(journal().append(ascii("old"), writer));
        get(journal().append(ascii("older")));
        get(journal().checkpoint(List.of(ascii("a"), ascii(""), ascii("c"))));
        get(journal().append(ascii("d")));
        assertThat(replay()).containsExactly("a", "", "c", "d");
        restart();
        assertThat(replay()).containsExactly("a", "", "c", "d");
        assertThat(read(contents().open(ref))).asString().isEqualTo("kept");
        get(journal().checkpoint(List.of()));
        assertThat(replay()).isEmpty();
        restart();
        assertThat(replay()).isEmpty();
        get(journal().append(ascii("e")));
        restart();
        assertThat(replay()).containsExactly("e");
    }

    @Test
    void aCheckpointCanBeGreat() throws Exception {
        List<ByteBuffer> entries = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            entries.add(ascii("entry " + i + " " + "x".repeat(200)));
        }
        get(journal().checkpoint(entries));
        get(journal().append(ascii("after")));
        restart();
        assertThat(replay()).hasSize(5001).endsWith("after");
    }

    @Test
    void entriesAroundACheckpointThatNobodyWaitsForFallOnTheirSide() throws Exception {
        journal().append(ascii("before"));
        journal().checkpoint(List.of(ascii("point")));
        get(journal().append(ascii("after")));
        assertThat(replay()).containsExactly("point", "after");
        restart();
        assertThat(replay()).containsExactly("point", "after");
    }

    @Test
    void theBuffersMayBeUsedAgainOnceTheStageIsComplete() throws Exception {
        byte[] octets = {'a'};
        get(journal().append(ByteBuffer.wrap(octets)));
        octets[0] = 'b';
        assertThat(replay()).containsExactly("a");
    }

    @Test
    void aWriterIsUsedUpByItsAppending() throws Exception {
        ContentWriter writer = contents().create();
        get(journal().append(ascii("x"), writer));
        assertThatThrownBy(() -> journal().append(ascii("y"), writer)).isInstanceOf(IllegalStateException.class);
        assertThat(replay()).containsExactly("x+");
    }

    /** What a replay gives: the entries as text, with a plus sign after those that have a content. */
    protected final List<String> replay() {
        List<String> entries = new ArrayList<>();
        journal()
                .replay((ByteBuffer entry, Optional<ContentRef> content) ->
                        entries.add(StandardCharsets.US_ASCII.decode(entry) + (content.isPresent() ? "+" : "")));
        return entries;
    }
}
