package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mailrack.mailbox.internal.Fixture.ALICE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException;
import org.mailrack.testkit.InMemoryMailboxStore;

/** The memory that views take together. */
class EvictionTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    private final InMemoryMailboxStore store = new InMemoryMailboxStore();
    private final Fixture filler = new Fixture(store, MailboxLimits.DEFAULTS);
    private long one;

    @BeforeEach
    void fill() {
        for (String name : NAMES) {
            filler.mailboxes.create(ALICE, name, Optional.empty());
            for (int i = 0; i < 50; i++) {
                filler.append(name, "m");
            }
        }
        filler.mailboxes.open(ALICE, "a").close();
        one = filler.mailboxes.live().octets();
        assertThat(one).isPositive();
    }

    private Fixture rack(long octets) {
        MailboxLimits d = MailboxLimits.DEFAULTS;
        return new Fixture(
                store,
                new MailboxLimits(
                        255,
                        20,
                        100,
                        100,
                        100,
                        new ViewLimits(200, octets, 1_000, 60, 0, 0),
                        1000,
                        1000,
                        10,
                        5,
                        d.autocreate(),
                        d.mime()));
    }

    private static List<String> present(Fixture rack) {
        return rack.mailboxes.live().present().stream()
                .map(live -> live.view().info().name())
                .sorted()
                .toList();
    }

    @Test
    void thoseLongestUnusedGoFirst() {
        Fixture rack = rack(3 * one + one / 2);
        for (String name : List.of("a", "b", "c", "a", "d")) {
            rack.mailboxes.open(ALICE, name).close();
        }
        assertThat(present(rack)).containsExactly("a", "c", "d");
        rack.mailboxes.counts(ALICE, "c");
        rack.mailboxes.counts(ALICE, "e");
        assertThat(present(rack)).containsExactly("c", "d", "e");
        assertThat(rack.mailboxes.live().octets()).isBetween(3 * one, 3 * one + one / 2);
    }

    @Test
    void oneThatASessionUsesStays() {
        Fixture rack = rack(2 * one + one / 2);
        try (Mailbox a = rack.mailboxes.open(ALICE, "a")) {
            NAMES.forEach(name -> rack.mailboxes.counts(ALICE, name));
            assertThat(present(rack)).containsExactly("a", "e");
            rack.append("a", "more");
            assertThat(a.view().size()).isEqualTo(51);
        }
    }

    @Test
    void whileThoseInUseTakeAllNoFurtherOneIsReadAndDeliveryGoesOn() {
        Fixture rack = rack(2 * one - 1);
        Mailbox a = rack.mailboxes.open(ALICE, "a");
        Mailbox b = rack.mailboxes.open(ALICE, "b");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> rack.mailboxes.open(ALICE, "c"))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE));
        }
        assertThat(rack.append("c", "m").uid()).isEqualTo(51);
        rack.mailboxes.open(ALICE, "a").close();
        b.close();
        rack.mailboxes.open(ALICE, "c").close();
        assertThat(present(rack)).containsExactly("a");
        a.close();
    }

    @Test
    void whatIsCountedIsWhatTheViewsTake() {
        Fixture rack = rack(4 * one);
        Random random = new Random(1);
        List<Mailbox> open = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            switch (random.nextInt(6)) {
                case 0 -> rack.append(name, "m", random.nextBoolean() ? "\\Seen" : "$k");
                case 1 -> {
                    try {
                        open.add(rack.mailboxes.open(ALICE, name));
                    } catch (StoreException e) {
                        assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE);
                    }
                }
                case 2, 3 -> {
                    if (!open.isEmpty()) {
                        open.remove(random.nextInt(open.size())).close();
                    }
                }
                case 4 -> {
                    if (!open.isEmpty()) {
                        open.get(0).expunge(UidSet.range(1, random.nextInt(60) + 1L));
                    }
                }
                default -> {
                    if (random.nextInt(40) == 0) {
                        rack.mailboxes.delete(ALICE, name);
                        rack.mailboxes.create(ALICE, name, Optional.empty());
                    }
                }
            }
            // A mailbox is counted when it is released, so that it is right once all are.
            if (i % 100 == 99) {
                open.forEach(Mailbox::close);
                open.clear();
                assertThat(rack.mailboxes.live().octets())
                        .isEqualTo(rack.mailboxes.live().present().stream()
                                .mapToLong(LiveMailbox::octets)
                                .sum())
                        .isLessThanOrEqualTo(4 * one);
            }
        }
    }
}
