package org.mailrack.store.derby.internal;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.StoreException;

/** Forgets delivery keys, except while a backup is begun: the queue in it may have mail whose delivery is in it, too. */
final class Forgetting {

    private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);
    private static final int MOST_HELD = 100_000;

    private final DeliveryKeys keys;
    private final int most;
    private final Set<String> held = new HashSet<>();
    private int holds;
    private long kept;

    Forgetting(DeliveryKeys keys) {
        this(keys, MOST_HELD);
    }

    /** @param most keys that are held back; what is more stays for good */
    Forgetting(DeliveryKeys keys, int most) {
        this.keys = keys;
        this.most = most;
    }

    /** Forgets keys, perhaps later. */
    void forget(Collection<String> forgotten) {
        synchronized (this) {
            if (holds > 0) {
                for (String key : forgotten) {
                    if (held.size() < most) {
                        held.add(key);
                    } else {
                        kept++;
                    }
                }
                return;
            }
        }
        keys.forget(forgotten);
    }

    /** From now on no key is forgotten until the registration is closed. */
    synchronized Registration hold() {
        holds++;
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                release(1);
            }
        };
    }

    /** Ends all holds. */
    void stop() {
        release(Integer.MAX_VALUE);
    }

    private void release(int count) {
        List<String> now;
        synchronized (this) {
            holds = Math.max(0, holds - count);
            if (holds > 0 || held.isEmpty()) {
                return;
            }
            now = List.copyOf(held);
            held.clear();
            if (kept > 0) {
                LOG.info("delivery keys stay for good after a long backup keys={}", kept);
                kept = 0;
            }
        }
        try {
            keys.forget(now);
        } catch (StoreException e) {
            LOG.warn("delivery keys stay for good keys={} reason=\"{}\"", now.size(), e.getMessage());
        }
    }
}
