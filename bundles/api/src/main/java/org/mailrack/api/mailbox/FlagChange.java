package org.mailrack.api.mailbox;

/**
 * A change of flags, as IMAP STORE and JMAP Email/set ask for it. Immutable.
 *
 * @param kind what is done with the flags
 * @param flags the flags
 */
public record FlagChange(Kind kind, Flags flags) {

    /** What is done. */
    public enum Kind {
        ADD,
        REMOVE,
        REPLACE
    }

    /** The flags after the change. */
    public Flags applyTo(Flags before) {
        return switch (kind) {
            case ADD -> before.plus(flags);
            case REMOVE -> before.minus(flags);
            case REPLACE -> flags;
        };
    }
}
