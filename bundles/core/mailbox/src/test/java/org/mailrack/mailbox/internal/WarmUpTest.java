package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mailrack.mailbox.internal.Fixture.ALICE;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;

/** After a start without snapshots a mailbox is opened once, so that the first client does not wait for code and database plans. */
class WarmUpTest {

    private static final Set<String> READING =
            Set.of("identity", "listen", "mailboxes", "mailbox", "messages", "changes", "recent");

    @TempDir
    private Path folder;

    private final MailboxStore store = new InMemoryMailboxStore();
    private final InMemoryContentStore contents = new InMemoryContentStore();
    private final Set<String> called = ConcurrentHashMap.newKeySet();
    /** For the thread that warms up. */
    private volatile boolean away;

    /** The store as the second start sees it. */
    private final MailboxStore watched = (MailboxStore) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {MailboxStore.class}, (proxy, method, args) -> {
                called.add(method.getName());
                if (away && Thread.currentThread().getName().equals("mailbox-snapshots")) {
                    throw new StoreException(StoreException.Kind.UNAVAILABLE, "the store goes away");
                }
                try {
                    return method.invoke(store, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });

    private MailboxesImpl start(MailboxStore on) {
        return new MailboxesImpl(on, contents, MailboxLimits.DEFAULTS, Optional.of(folder));
    }

    private void fill(int messages) throws Exception {
        try (MailboxesImpl first = start(store)) {
            for (int i = 0; i < messages; i++) {
                ContentWriter content = first.create();
                content.write(ByteBuffer.wrap("Subject: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                first.append(ALICE, "INBOX", content, Flags.of(), Instant.EPOCH);
            }
        }
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aSmallMailboxIsOpenedAndNothingIsWritten() throws Exception {
        fill(3);
        MailboxInfo before = store.mailboxes(ALICE).get(0);
        try (MailboxesImpl second = start(watched)) {
            until(() -> second.live().idle() == 1);
            assertThat(second.live().present().get(0).view().size()).isEqualTo(3);
        }
        assertThat(called).contains("messages", "recent").isSubsetOf(READING);
        assertThat(store.mailboxes(ALICE).get(0)).isEqualTo(before);
    }

    @Test
    void aMailboxOfManyRowsIsLeftAlone() throws Exception {
        fill(2001);
        long filled = store.mailboxes(ALICE).stream()
                .filter(info -> info.name().equals(MailboxInfo.INBOX))
                .findFirst()
                .orElseThrow()
                .id();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        try (MailboxesImpl second = start(watched)) {
            until(() -> second.live().idle() == 1);
            assertThat(second.live().present()).noneMatch(live -> live.id() == filled);
        }
    }

    @Test
    void aStoreThatGoesAwayMeanwhileHarmsNobody() throws Exception {
        fill(3);
        away = true;
        try (MailboxesImpl second = start(watched)) {
            until(() -> called.contains("mailboxes"));
            assertThat(second.counts(ALICE, "INBOX").messages()).isEqualTo(3);
        }
    }

    @Test
    void anEmptyStoreHasNothingToOpenAndNoAccountIsMade() throws Exception {
        try (MailboxesImpl second = start(watched)) {
            until(() -> called.contains("mailboxes"));
            assertThat(second.live().present()).isEqualTo(List.of());
        }
        assertThat(called).isSubsetOf(READING);
    }
}
