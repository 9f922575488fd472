package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryKeysTest {

    @TempDir
    Path base;

    private Database database;
    private DeliveryKeys keys;

    @BeforeEach
    void open() {
        database = Databases.open(base);
        keys = new DeliveryKeys(database, 10);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void restart() {
        keys.close();
        close();
        open();
    }

    private void note(DeliveryUse... uses) {
        DeliveryKeys.Noting noting = keys.noting();
        database.run("note", tx -> {
            noting.note(tx, List.of(uses));
            return null;
        });
        noting.committed();
        noting.over();
    }

    private boolean used(long mailbox, String key) {
        return database.run("used", tx -> keys.used(tx, mailbox, key));
    }

    private long rows(String table) {
        return database.run("count", tx -> tx.first("SELECT COUNT(*) FROM " + table, r -> r.getLong(1))
                .orElseThrow());
    }

    private static DeliveryUse[] uses(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new DeliveryUse(1, "k" + i))
                .toArray(DeliveryUse[]::new);
    }

    @Test
    void keysOfOneTransactionShareARowThatTheNextOneRemoves() {
        note(uses(0, 5));
        assertThat(rows("delivery_batches")).isEqualTo(1);
        assertThat(used(1, "k4")).isTrue();
        assertThat(used(2, "k4")).isFalse();
        keys.forget(List.of("k0", "k1", "k2", "k3", "k4"));
        assertThat(used(1, "k4")).isFalse();
        note(uses(5, 6));
        assertThat(rows("delivery_batches")).isEqualTo(1);
        keys.forget(List.of("k5"));
        keys.close();
        assertThat(rows("delivery_batches")).isZero();
    }

    @Test
    void keysAreKnownAfterARestart() {
        note(uses(0, 5));
        restart();
        assertThat(used(1, "k3")).isTrue();
        note(uses(7, 9));
        keys.forget(List.of("k3", "k7"));
        restart();
        assertThat(used(1, "k2")).isTrue();
        assertThat(used(1, "k8")).isTrue();
    }

    @Test
    void keysThatAreTooManyMoveToTheTableAndAreForgottenThereToo() {
        note(uses(0, 8));
        note(uses(8, 16));
        note(uses(16, 17));
        assertThat(rows("deliveries")).isEqualTo(8);
        assertThat(rows("delivery_batches")).isEqualTo(2);
        assertThat(used(1, "k0")).isTrue();
        keys.forget(List.of("k0", "k15"));
        assertThat(used(1, "k0")).isFalse();
        assertThat(rows("deliveries")).isEqualTo(7);
        restart();
        assertThat(used(1, "k1")).isTrue();
        keys.forget(List.of("k1"));
        assertThat(used(1, "k1")).isFalse();
    }

    @Test
    void afterACrashNoKeyIsMissing() {
        note(uses(0, 5));
        keys.forget(List.of("k3"));
        close();
        open();
        assertThat(used(1, "k2")).isTrue();
        keys.forget(List.of("k0", "k1", "k2", "k3", "k4"));
        note(uses(5, 6));
        assertThat(rows("delivery_batches")).isEqualTo(1);
    }

    /** An engine that is made to write to a full disk goes down; to know a key again that nobody needs is no harm. */
    @Test
    void withoutRoomOnTheDiskNothingIsWrittenAtTheEnd() {
        note(uses(0, 5));
        keys.forget(List.of("k0", "k1", "k2", "k3", "k4"));
        close();
        database = Databases.open(Databases.settings(base, Long.MAX_VALUE));
        keys = new DeliveryKeys(database, 10);
        keys.forget(List.of("k0", "k1", "k2", "k3", "k4"));
        keys.close();
        assertThat(rows("delivery_batches")).isEqualTo(1);
        restart();
        keys.forget(List.of("k0", "k1", "k2", "k3", "k4"));
        keys.close();
        assertThat(rows("delivery_batches")).isZero();
    }

    @Test
    void longKeysTakeMoreThanOneRow() {
        DeliveryUse[] uses = IntStream.range(0, 200)
                .mapToObj(i -> new DeliveryUse(i, "\u20ac".repeat(490) + i))
                .toArray(DeliveryUse[]::new);
        note(uses);
        assertThat(rows("delivery_batches")).isGreaterThan(5);
        restart();
        for (DeliveryUse use : uses) {
            assertThat(used(use.mailbox(), use.key())).isTrue();
        }
    }

    @Test
    void keysOfATransactionThatFailedAreNotUsed() {
        DeliveryKeys.Noting noting = keys.noting();
        assertThatThrownBy(() -> database.run("note", tx -> {
                    noting.note(tx, List.of(uses(0, 3)));
                    throw new IllegalStateException("a test wants it so");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(used(1, "k1")).as("before it is known to have failed").isFalse();
        noting.over();
        assertThat(used(1, "k2")).isFalse();
        note(uses(2, 3));
        assertThat(used(1, "k2")).isTrue();
    }

    @Test
    void theRowTellsWhereNobodyKnowsWhetherItWasCommitted() {
        DeliveryKeys.Noting noting = keys.noting();
        database.run("note", tx -> {
            noting.note(tx, List.of(uses(0, 3)));
            return null;
        });
        noting.over();
        assertThat(used(1, "k1")).isTrue();
    }

    @Test
    void aMoveThatFailedLeavesTheKeys() {
        note(uses(0, 8));
        DeliveryKeys.Noting noting = keys.noting();
        assertThatThrownBy(() -> database.run("note", tx -> {
                    noting.note(tx, List.of(uses(8, 17)));
                    throw new IllegalStateException("a test wants it so");
                }))
                .isInstanceOf(IllegalStateException.class);
        noting.over();
        assertThat(rows("deliveries")).isZero();
        assertThat(used(1, "k0")).isTrue();
        assertThat(used(1, "k16")).isFalse();
        keys.forget(List.of("k0"));
        assertThat(used(1, "k0")).isFalse();
    }

    @Test
    void whateverHappensAKeyIsUsedUntilItIsForgotten() {
        Random random = new Random(20251126);
        Set<DeliveryUse> model = new HashSet<>();
        for (int step = 0; step < 600; step++) {
            int kind = random.nextInt(20);
            List<DeliveryUse> some = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                some.add(new DeliveryUse(random.nextInt(3), "k" + random.nextInt(60)));
            }
            if (kind == 0) {
                restart();
            } else if (kind < 7) {
                List<String> forgotten = some.stream().map(DeliveryUse::key).toList();
                keys.forget(forgotten);
                model.removeIf(use -> forgotten.contains(use.key()));
            } else if (kind == 7) {
                keys.forgetMailbox(0);
                database.run("sweep", tx -> DeliveryTable.sweep(tx, 0, "", 1000));
                model.removeIf(use -> use.mailbox() == 0);
            } else {
                boolean fails = kind < 10;
                DeliveryKeys.Noting noting = keys.noting();
                List<DeliveryUse> fresh = new ArrayList<>();
                try {
                    database.run("note", tx -> {
                        for (DeliveryUse use : Set.copyOf(some)) {
                            if (!noting.used(tx, use.mailbox(), use.key())) {
                                fresh.add(use);
                            }
                        }
                        noting.note(tx, fresh);
                        if (fails) {
                            throw new IllegalStateException("a test wants it so");
                        }
                        return null;
                    });
                    if (kind != 10) {
                        noting.committed();
                    }
                    model.addAll(fresh);
                } catch (IllegalStateException e) {
                    assertThat(fails).isTrue();
                }
                noting.over();
            }
            for (int mailbox = 0; mailbox < 3; mailbox++) {
                for (int key = 0; key < 60; key++) {
                    DeliveryUse use = new DeliveryUse(mailbox, "k" + key);
                    assertThat(used(mailbox, use.key()))
                            .as("step %d %s", step, use)
                            .isEqualTo(model.contains(use));
                }
            }
        }
    }
}
