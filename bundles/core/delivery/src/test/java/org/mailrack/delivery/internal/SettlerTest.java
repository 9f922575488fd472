package org.mailrack.delivery.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;

class SettlerTest {

    private final List<String> calls = new ArrayList<>();
    private final List<CompletableFuture<Void>> written = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Spool spool = (Spool) Proxy.newProxyInstance(
            SettlerTest.class.getClassLoader(), new Class<?>[] {Spool.class}, (proxy, method, args) -> {
                calls.add(method.getName() + " " + ((Collection<?>) args[0]).size());
                written.add(new CompletableFuture<>());
                return written.get(written.size() - 1);
            });
    private final Settler settler = new Settler(spool, forgotten::addAll, timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private void settle(String id, boolean repeatable) {
        SpooledMail mail = new SpooledMail(
                new MailId(id), null, List.of(), new ContentRef("1-1"), 1, Instant.EPOCH, 1, Instant.EPOCH, "");
        settler.settle(new Settler.End(mail, List.of("key " + id), repeatable, () -> {}));
    }

    /** A relay's success must not be forgotten: the next hop would get the mail twice. */
    @Test
    void onlyWhatMayHappenAgainWaitsForTheNextMail() {
        settle("a1", true);
        settle("a2", true);
        settle("a3", true);
        written.get(0).complete(null);
        settle("a4", true);
        settle("a5", false);
        written.get(1).complete(null);
        settle("a6", true);
        written.get(2).complete(null);
        written.get(3).complete(null);
        assertThat(calls).containsExactly("settleSoon 1", "settleSoon 2", "settle 2", "settleSoon 1");
    }

    /** Until the record is on disk the mailbox store must know the key. */
    @Test
    void keysAreForgottenOnlyWhenTheEndIsDurable() {
        settle("a1", true);
        assertThat(forgotten).isEmpty();
        written.get(0).complete(null);
        assertThat(forgotten).containsExactly("key a1");
    }
}
