package org.mailrack.mailbox.internal;

import java.util.Collection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls listeners so that one that throws hurts only itself. */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private Listeners() {}

    static void call(Collection<Runnable> listeners) {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                log.warn(
                        "mailbox listener failed listener={}",
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}
