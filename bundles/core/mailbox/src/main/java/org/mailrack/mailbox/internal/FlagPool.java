package org.mailrack.mailbox.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.MessageRow;

/**
 * Keeps one object for equal flags, so that a row costs a reference only. Forgets all when it has too many: then equal flags may
 * be there twice, no more. Guarded by the lock of its live mailbox.
 */
final class FlagPool {

    private static final int MAX = 4096;

    private static final Flags[] SYSTEM = new Flags[32];

    static {
        for (int bits = 0; bits < SYSTEM.length; bits++) {
            SYSTEM[bits] = new Flags(bits, List.of());
        }
    }

    private final Map<Flags, Flags> known = new HashMap<>();

    Flags share(Flags flags) {
        if (flags.keywords().isEmpty() && flags.bits() >= 0 && flags.bits() < SYSTEM.length) {
            return SYSTEM[flags.bits()];
        }
        if (known.size() >= MAX) {
            known.clear();
        }
        Flags shared = known.putIfAbsent(flags, flags);
        return shared == null ? flags : shared;
    }

    MessageRow share(MessageRow row) {
        Flags shared = share(row.flags());
        return shared == row.flags()
                ? row
                : new MessageRow(row.uid(), row.modSeq(), shared, row.size(), row.internalDate(), row.content());
    }
}
