package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.StoreException;

/** What every {@link ContentStore} must do. A backend's test extends this and says how to get at its store. */
public abstract class ContentStoreContract extends ContentSurveyContract {

    @Test
    void whatWasCommittedCanBeRead() throws Exception {
        ContentRef ref = commit("Subject: x\r\n\r\nketchup\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(store().open(ref))).asString().isEqualTo("Subject: x\r\n\r\nketchup\r\n");
    }

    @Test
    void anEmptyContentIsAContent() throws Exception {
        ContentRef ref = commit(new byte[0]);
        restart();
        assertThat(store().open(ref).length()).isZero();
        assertThat(read(store().open(ref))).isEmpty();
    }

    @Test
    void committedContentsSurviveARestart() throws Exception {
        byte[] small = random(100);
        byte[] large = random(largeSize());
        ContentRef first = commit(small);
        ContentRef second = commit(large);
        restart();
        assertThat(read(store().open(first))).isEqualTo(small);
        assertThat(read(store().open(second))).isEqualTo(large);
        ContentRef third = commit(small);
        assertThat(third).isNotIn(first, second);
        restart();
        assertThat(read(store().open(first))).isEqualTo(small);
        assertThat(read(store().open(third))).isEqualTo(small);
    }

    @Test
    void aContentIsReadFromAnyOffset() throws Exception {
        for (int size : new int[] {1000, largeSize()}) {
            byte[] octets = random(size);
            Content content = store().open(commit(octets));
            assertThat(content.length()).isEqualTo(size);
            for (int[] range : new int[][] {{0, 0}, {0, 1}, {size, 0}, {size - 1, 1}, {size / 3, size / 3}}) {
                try (InputStream in = content.open(range[0], range[1])) {
                    assertThat(in.readAllBytes())
                            .isEqualTo(java.util.Arrays.copyOfRange(octets, range[0], range[0] + range[1]));
                }
            }
            assertThatThrownBy(() -> content.open(0, size + 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> content.open(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> content.open(size, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> content.open(1, Long.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void severalStreamsReadAtOnce() throws Exception {
        byte[] octets = random(largeSize());
        Content content = store().open(commit(octets));
        try (InputStream a = content.open();
                InputStream b = content.open(10, 20)) {
            assertThat(a.read()).isEqualTo(octets[0] & 0xff);
            assertThat(b.read()).isEqualTo(octets[10] & 0xff);
            assertThat(a.read()).isEqualTo(octets[1] & 0xff);
            assertThat(b.readAllBytes()).hasSize(19);
            assertThat(a.readAllBytes()).hasSize(octets.length - 2);
        }
    }

    @Test
    void theHeadIsReplacedBeforeTheCommit() throws Exception {
        for (int size : new int[] {1000, largeSize()}) {
            byte[] octets = random(size);
            ContentWriter writer = writer(octets);
            writer.replaceHead(0, ascii("Received: a\r\n"));
            assertThat(writer.length()).isEqualTo(size + 13);
            writer.replaceHead(13 + 10, ascii("New: head\r\n"));
            assertThat(writer.length()).isEqualTo(size - 10 + 11);
            writer.write(ascii("tail"));
            byte[] expected = join("New: head\r\n", java.util.Arrays.copyOfRange(octets, 10, size), "tail");
            assertThat(read(writer.content())).isEqualTo(expected);
            try (InputStream in = writer.content().open(5, size - 10)) {
                assertThat(in.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(expected, 5, size - 5));
            }
            ContentRef ref = get(store().commit(writer));
            assertThat(read(store().open(ref))).isEqualTo(expected);
            restart();
            assertThat(read(store().open(ref))).isEqualTo(expected);
            try (InputStream in = store().open(ref).open(5, size - 10)) {
                assertThat(in.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(expected, 5, size - 5));
            }
        }
    }

    @Test
    void theHeadMayBeAllOfIt() throws Exception {
        for (int size : new int[] {10, largeSize()}) {
            ContentWriter writer = writer(random(size));
            writer.replaceHead(size, ascii("all"));
            assertThat(writer.length()).isEqualTo(3);
            assertThatThrownBy(() -> writer.replaceHead(4, ascii(""))).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(read(store().open(get(store().commit(writer)))))
                    .asString()
                    .isEqualTo("all");
        }
    }

    @Test
    void aWriterShowsWhatItHasSoFar() throws Exception {
        byte[] octets = random(largeSize());
        try (ContentWriter writer = store().create()) {
            for (int at = 0; at < octets.length; at += 7001) {
                int count = Math.min(7001, octets.length - at);
                writer.write(ByteBuffer.wrap(octets, at, count));
                assertThat(writer.length()).isEqualTo(at + count);
                if (at % 10 == 0) {
                    assertThat(read(writer.content())).isEqualTo(java.util.Arrays.copyOf(octets, at + count));
                }
            }
        }
    }

    @Test
    void theBufferMayBeUsedAgainAfterWrite() throws Exception {
        ContentWriter writer = store().create();
        byte[] buffer = {'a', 'b'};
        writer.write(ByteBuffer.wrap(buffer));
        buffer[0] = 'x';
        byte[] head = {'h'};
        writer.replaceHead(0, ByteBuffer.wrap(head));
        head[0] = 'x';
        assertThat(read(store().open(get(store().commit(writer))))).asString().isEqualTo("hab");
    }

    @Test
    void aWriterIsUsedUpByItsCommit() throws Exception {
        ContentWriter writer = writer(random(10));
        ContentRef ref = get(store().commit(writer));
        assertThatThrownBy(() -> writer.write(ascii("more"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store().commit(writer)).isInstanceOf(IllegalStateException.class);
        writer.close();
        writer.close();
        assertThat(store().open(ref).length()).isEqualTo(10);
    }

    @Test
    void aClosedWriterCannotBeCommitted() {
        ContentWriter writer = writer(random(largeSize()));
        writer.close();
        assertThatThrownBy(() -> store().commit(writer)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anUnknownReferenceIsNotFound() {
        for (String unknown : List.of(
                "no-such", "0", "1-", "-1", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "7fffffff-1", "..", "1-2-3")) {
            assertThatThrownBy(() -> store().open(new ContentRef(unknown)))
                    .as(unknown)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
        }
    }

    @Test
    void manyCommittersAtOnceGetTheirOwnContents() throws Exception {
        List<Thread> threads = new ArrayList<>();
        Set<ContentRef> refs = java.util.concurrent.ConcurrentHashMap.newKeySet();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < 8; t++) {
            byte[] octets = random(2000 + t);
            Thread thread = new Thread(() -> {
                try {
                    for (int i = 0; i < 10; i++) {
                        ContentRef ref = commit(octets);
                        refs.add(ref);
                        assertThat(read(store().open(ref))).isEqualTo(octets);
                    }
                } catch (Exception | AssertionError e) {
                    failures.add(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(new HashSet<>(refs)).hasSize(80);
    }

    private static byte[] join(String before, byte[] octets, String after) {
        ByteBuffer joined = ByteBuffer.allocate(before.length() + octets.length + after.length());
        joined.put(ascii(before)).put(octets).put(ascii(after));
        return joined.array();
    }
}
