package org.mailrack.pop3.internal;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.mailrack.api.mail.Registration;

/** Who has which maildrop: one session at a time (RFC 1939 section 4). Thread-safe. */
final class MaildropLocks {

    private final Set<String> held = ConcurrentHashMap.newKeySet();

    /** Takes a maildrop, until the registration is closed; empty when another session has it. */
    Optional<Registration> acquire(String account) {
        if (!held.add(account)) {
            return Optional.empty();
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return Optional.of(() -> {
            // Closed twice, it must not release what another session took meanwhile.
            if (open.getAndSet(false)) {
                held.remove(account);
            }
        });
    }
}
