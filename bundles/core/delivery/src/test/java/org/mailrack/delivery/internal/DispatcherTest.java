package org.mailrack.delivery.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Outcome;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.StoreException;

class DispatcherTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String TEXT = "Subject: x\r\n\r\nDo you like ketchup?\r\n";

    private final World world = new World();
    private Dispatcher dispatcher;

    @AfterEach
    void stop() {
        if (dispatcher != null) {
            dispatcher.close();
        }
    }

    private static Settings settings(Duration retry, Duration expire, Duration deliveryTimeout) {
        return new Settings(
                retry,
                retry,
                expire,
                100,
                60,
                10,
                100,
                50,
                Duration.ofMillis(200),
                deliveryTimeout,
                Duration.ofMillis(300));
    }

    private void start() {
        start(settings(Duration.ofMinutes(5), Duration.ofDays(5), Duration.ofMinutes(30)));
    }

    private void start(Settings settings) {
        dispatcher = world.dispatcher(settings);
        dispatcher.addTransport("mailbox", world.mailboxTransport());
        dispatcher.start();
    }

    private void awaitEmpty() throws InterruptedException {
        world.await("the queue is empty", world.mails::isEmpty);
    }

    @Test
    void mailForAnAccountGoesToItsInboxWithoutACopyAndItsKeyIsForgotten() throws Exception {
        start();
        SpooledMail mail = world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu");
        awaitEmpty();
        assertThat(world.mailboxes).isEqualTo(Map.of("bob@hamburger.edu/INBOX", List.of(mail.content())));
        world.await("the key is forgotten", world.keys::isEmpty);
    }

    @Test
    void manyMailsAreDeliveredOnceEach() throws Exception {
        for (int i = 0; i < 250; i++) {
            world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu", "carol@hamburger.edu");
        }
        start();
        awaitEmpty();
        assertThat(world.copies("bob@hamburger.edu/INBOX")).isEqualTo(250);
        assertThat(world.copies("carol@hamburger.edu/INBOX")).isEqualTo(250);
        assertThat(dispatcher.timers())
                .as("timers that hold mails which are gone")
                .isZero();
    }

    @Test
    void aRecipientNamedTwiceGetsItOnce() throws Exception {
        world.aliases.put("team@hamburger.edu", List.of("bob@hamburger.edu", "carol@hamburger.edu"));
        start();
        world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu", "BOB@hamburger.edu", "team@hamburger.edu");
        awaitEmpty();
        assertThat(world.copies("bob@hamburger.edu/INBOX")).isEqualTo(1);
        assertThat(world.copies("carol@hamburger.edu/INBOX")).isEqualTo(1);
        assertThat(world.bounced).isEmpty();
    }

    @Test
    void anAliasLoopGoesBackToTheSender() throws Exception {
        world.aliases.put("a@hamburger.edu", List.of("b@hamburger.edu"));
        world.aliases.put("b@hamburger.edu", List.of("a@hamburger.edu"));
        start();
        world.mail(TEXT, "carol@hamburger.edu", "a@hamburger.edu");
        awaitEmpty();
        assertThat(world.bounced).containsExactly(MailAddress.parse("carol@hamburger.edu"));
    }

    @Test
    void anAliasThatNamesItselfKeepsItsOwnCopy() throws Exception {
        world.aliases.put("bob@hamburger.edu", List.of("bob@hamburger.edu", "carol@hamburger.edu"));
        start();
        world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu");
        awaitEmpty();
        assertThat(world.copies("bob@hamburger.edu/INBOX")).isEqualTo(1);
        assertThat(world.copies("carol@hamburger.edu/INBOX")).isEqualTo(1);
    }

    /** RFC 5321 section 6.1: no notification of an undeliverable notification. */
    @Test
    void aBounceIsNeverBounced() throws Exception {
        start();
        world.mail(TEXT, "", "nobody@hamburger.edu");
        awaitEmpty();
        assertThat(world.bounced).containsExactly(MailAddress.parse("nobody@hamburger.edu"));
        assertThat(world.mailboxes).isEmpty();
    }

    /** RFC 5321 section 6.3. */
    @Test
    void tooManyReceivedFieldsAreALoop() throws Exception {
        start();
        world.mail("Received: by x\r\n".repeat(51) + TEXT, "carol@hamburger.edu", "bob@hamburger.edu");
        world.mail(
                "Received: by x\r\n".repeat(50) + "\r\nReceived: in the body",
                "carol@hamburger.edu",
                "bob@hamburger.edu");
        awaitEmpty();
        assertThat(world.copies("bob@hamburger.edu/INBOX")).isEqualTo(1);
        assertThat(world.bounced).hasSize(1);
    }

    @Test
    void whatIsDeferredIsTriedAgainAndThenGivenUp() throws Exception {
        start(settings(SECOND, Duration.ofMillis(1500), Duration.ofMinutes(1)));
        List<Delivery> tries = Collections.synchronizedList(new ArrayList<>());
        dispatcher.addTransport(
                "relay",
                batch -> batch.forEach(delivery -> {
                    tries.add(delivery);
                    delivery.report(new Outcome.Deferred("4.2.0", "mx.x.org", "450 busy"));
                }));
        world.mail(TEXT, "carol@hamburger.edu", "far@x.org");
        awaitEmpty();
        assertThat(tries).hasSizeBetween(2, 4);
        assertThat(tries).extracting(Delivery::key).containsOnly(tries.get(0).key());
        assertThat(world.bounced).containsExactly(MailAddress.parse("carol@hamburger.edu"));
    }

    @Test
    void mailWaitsForAnAbsentTransportAndIsTriedAtOnceWhenItComes() throws Exception {
        start();
        SpooledMail mail = world.mail(TEXT, "carol@hamburger.edu", "far@x.org");
        world.await(
                "deferred",
                () -> world.mails.containsKey(mail.id())
                        && world.mails.get(mail.id()).attempts() == 1);
        dispatcher.addTransport("relay", batch -> batch.forEach(d -> d.report(new Outcome.Delivered("250 ok"))));
        awaitEmpty();
    }

    @Test
    void aTransportThatComesWhileItsMailIsBeingDeferredGetsItAtOnce() throws Exception {
        world.whileSettling = () -> {
            world.whileSettling = () -> {};
            dispatcher.addTransport("relay", batch -> batch.forEach(d -> d.report(new Outcome.Delivered("250 ok"))));
        };
        start();
        world.mail(TEXT, "carol@hamburger.edu", "far@x.org");
        awaitEmpty();
    }

    @Test
    void aTransportThatIsSlowDoesNotHoldUpTheOthers() throws Exception {
        start();
        List<Delivery> slow = new CopyOnWriteArrayList<>();
        dispatcher.addTransport("relay", slow::addAll);
        for (int i = 0; i < 150; i++) {
            world.mail(TEXT, "carol@hamburger.edu", "far@x.org");
        }
        world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu");
        world.await("the local mail is there", () -> world.copies("bob@hamburger.edu/INBOX") == 1);
        // The local mail may overtake the last of them.
        world.await("the slow one has what it may have", () -> slow.size() >= 60);
        assertThat(slow).as("deliveries that the slow one has").hasSize(60);
    }

    @Test
    void mailThatComesWhileABatchIsDeliveredSharesTheNextBatch() throws Exception {
        start();
        CountDownLatch allCame = new CountDownLatch(1);
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        dispatcher.addTransport("relay", batch -> {
            sizes.add(batch.size());
            try {
                allCame.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            batch.forEach(delivery -> delivery.report(new Outcome.Delivered("ok")));
        });
        for (int i = 0; i < 50; i++) {
            world.mail(TEXT, "carol@hamburger.edu", "far@x.org");
        }
        allCame.countDown();
        world.await("all delivered", () -> world.mails.isEmpty());
        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(50);
        assertThat(sizes).as("batches").hasSizeLessThan(25);
    }

    @Test
    void aTransportThatThrowsOrNeverReportsDefers() throws Exception {
        start(settings(Duration.ofMinutes(5), Duration.ofDays(5), Duration.ofMillis(100)));
        dispatcher.addTransport("relay", batch -> {
            if (batch.get(0).recipient().address().localPart().equals("throw")) {
                throw new IllegalStateException("bad card");
            }
        });
        SpooledMail silent = world.mail(TEXT, "carol@hamburger.edu", "silent@x.org");
        SpooledMail thrown = world.mail(TEXT, "carol@hamburger.edu", "throw@x.org");
        for (SpooledMail mail : List.of(silent, thrown)) {
            world.await("deferred", () -> world.mails.get(mail.id()).attempts() == 1);
            assertThat(world.mails.get(mail.id()).recipients())
                    .extracting(RecipientState::status)
                    .containsExactly(RecipientState.Status.PENDING);
        }
    }

    @Test
    void aPolicyThatThrowsOrHangsDefersAndHurtsNoOther() throws Exception {
        start();
        CountDownLatch never = new CountDownLatch(1);
        DeliveryPolicy bad = (mail, recipient) -> {
            switch (recipient.address().localPart()) {
                case "throw" -> throw new IllegalStateException("bad card");
                case "hang" -> never.await();
                default -> {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        };
        dispatcher.policies().add(10, bad);
        world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu");
        awaitEmpty();
        SpooledMail thrown = world.mail(TEXT, "alice@crepes.fr", "throw@hamburger.edu");
        SpooledMail hung = world.mail(TEXT, "alice@crepes.fr", "hang@hamburger.edu");
        for (SpooledMail mail : List.of(thrown, hung)) {
            world.await("deferred", () -> world.mails.get(mail.id()).attempts() == 1);
        }
        dispatcher.policies().remove(bad);
        world.mail(TEXT, "alice@crepes.fr", "carol@hamburger.edu");
        world.await("delivered", () -> world.copies("carol@hamburger.edu/INBOX") == 1);
    }

    @Test
    void theHighestRankingPolicyDecides() throws Exception {
        start();
        dispatcher.policies().add(1, (m, r) -> Optional.of(new Route.Discard("low")));
        dispatcher.policies().add(2, (m, r) -> switch (r.address().localPart()) {
            case "hold" -> Optional.of(new Route.Hold("look at it"));
            case "reject" -> Optional.of(new Route.Reject("5.7.1", "no"));
            case "sorted" -> Optional.of(new Route.ToMailbox("bob@hamburger.edu", "Lists/a", List.of("\\Seen")));
            default -> Optional.empty();
        });
        SpooledMail held = world.mail(TEXT, "alice@crepes.fr", "hold@hamburger.edu");
        world.mail(TEXT, "alice@crepes.fr", "sorted@hamburger.edu");
        world.mail(TEXT, "alice@crepes.fr", "reject@hamburger.edu");
        world.mail(TEXT, "alice@crepes.fr", "other@hamburger.edu");
        world.await(
                "only the held one is left",
                () -> world.mails.size() == 1
                        && !world.mails.values().iterator().next().held().isEmpty());
        assertThat(world.mails.get(held.id()).held()).isEqualTo("look at it");
        assertThat(world.mailboxes.keySet()).containsExactly("bob@hamburger.edu/Lists/a");
        assertThat(world.bounced).containsExactly(MailAddress.parse("alice@crepes.fr"));
    }

    @Test
    void aMailboxThatCannotBeMadeMeansInbox() throws Exception {
        start();
        world.noMailbox = true;
        dispatcher.policies().add(2, (m, r) -> Optional.of(new Route.ToMailbox("bob@hamburger.edu", "//", List.of())));
        world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu");
        awaitEmpty();
        assertThat(world.copies("bob@hamburger.edu/INBOX")).isEqualTo(1);
    }

    @Test
    void aFailingMailboxStoreDefers() throws Exception {
        world.mailboxFailure = new StoreException(StoreException.Kind.NO_SPACE, "full");
        start(settings(SECOND, Duration.ofDays(5), Duration.ofMinutes(1)));
        SpooledMail mail = world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu");
        world.await("deferred", () -> world.mails.get(mail.id()).attempts() == 1);
        world.mailboxFailure = null;
        awaitEmpty();
        assertThat(world.copies("bob@hamburger.edu/INBOX")).isEqualTo(1);
    }

    @Test
    void mailThatOnlyWaitsForTheMailboxStoreIsTriedEachMinute() throws Exception {
        world.mailboxFailure = new StoreException(StoreException.Kind.UNAVAILABLE, "down");
        start(settings(Duration.ofHours(1), Duration.ofDays(5), Duration.ofMinutes(1)));
        SpooledMail mail = world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu");
        world.await("deferred", () -> world.mails.get(mail.id()).attempts() == 1);
        assertThat(world.nextDue().orElseThrow()).isBefore(Instant.now().plusSeconds(61));
    }

    @Test
    void aDamagedMessageGoesBackToItsSender() throws Exception {
        SpooledMail mail = world.mail(TEXT, "carol@hamburger.edu", "bob@hamburger.edu");
        world.contents.lose(mail.content());
        start();
        awaitEmpty();
        assertThat(world.bounced).containsExactly(MailAddress.parse("carol@hamburger.edu"));
        assertThat(world.copies("bob@hamburger.edu/INBOX")).isZero();
    }

    @Test
    void whatIsUnderWayIsGivenBackWhenTheDispatcherStops() throws Exception {
        start(settings(SECOND, Duration.ofDays(5), Duration.ofMinutes(1)));
        dispatcher.addTransport("relay", batch -> {});
        world.mail(TEXT, "carol@hamburger.edu", "far@x.org");
        world.await("taken", () -> world.nextDue().isEmpty());
        dispatcher.close();
        assertThat(world.nextDue()).isPresent();
        start();
        dispatcher.addTransport("relay", batch -> batch.forEach(d -> d.report(new Outcome.Delivered("250 ok"))));
        awaitEmpty();
    }

    /** Promise 2: a crash between delivery and clean-up delivers neither twice nor not at all. */
    @Test
    void aCrashAtEveryStepDeliversOnce() throws Exception {
        int all = run(Integer.MAX_VALUE, false).steps;
        assertThat(all).isGreaterThan(8);
        for (int step = 4; step <= all + 1; step++) {
            for (boolean after : new boolean[] {false, true}) {
                World crashed = run(step, after);
                String when = "crash at step " + step + (after ? ", after it" : ", before it");
                assertThat(crashed.copies("bob@hamburger.edu/INBOX")).as(when).isEqualTo(3);
                assertThat(crashed.copies("carol@hamburger.edu/INBOX")).as(when).isGreaterThanOrEqualTo(3 + 1);
                for (List<ContentRef> mailbox : crashed.mailboxes.values()) {
                    assertThat(mailbox).as(when).doesNotHaveDuplicates();
                }
            }
        }
    }

    /** Three mails, one of them also for nobody, so that there is a bounce. */
    private static World run(int crashAt, boolean after) throws InterruptedException {
        World world = new World();
        world.aliases.put("team@hamburger.edu", List.of("bob@hamburger.edu", "carol@hamburger.edu"));
        world.mail(TEXT, "carol@hamburger.edu", "team@hamburger.edu", "nobody@hamburger.edu");
        world.mail(TEXT, "alice@crepes.fr", "bob@hamburger.edu", "carol@hamburger.edu");
        world.mail(TEXT, "alice@crepes.fr", "team@hamburger.edu");
        world.crashAt = crashAt;
        world.crashAfter = after;
        Settings quick = new Settings(
                SECOND,
                SECOND,
                Duration.ofDays(1),
                100,
                100,
                1,
                100,
                50,
                SECOND,
                Duration.ofMinutes(1),
                Duration.ofMillis(1));
        Dispatcher first = world.dispatcher(quick);
        first.addTransport("mailbox", world.mailboxTransport());
        first.start();
        World running = world;
        running.await("done or dead", () -> running.mails.isEmpty() && running.keys.isEmpty() || running.dead());
        if (world.dead()) {
            // What is left of the dead process can change nothing any more.
            world = world.successor();
            Dispatcher second = world.dispatcher(quick);
            second.addTransport("mailbox", world.mailboxTransport());
            second.start();
            world.await("done", world.mails::isEmpty);
            second.close();
        }
        first.close();
        return world;
    }
}
