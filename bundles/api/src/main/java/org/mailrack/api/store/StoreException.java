package org.mailrack.api.store;

/** A store could not do what was asked; nothing of the failed call has taken effect. */
public class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it is, so that a protocol can answer in its own words. */
    public enum Kind {
        /** No space left: answer {@code 452 4.3.1} or {@code [OVERQUOTA]}. */
        NO_SPACE,
        /** The store is stopping, read-only or failing: answer {@code 451 4.3.0} or {@code [UNAVAILABLE]}. */
        UNAVAILABLE,
        /** The mailbox or account does not exist (any more). */
        NOT_FOUND,
        /** The name is taken. */
        EXISTS,
        /** What was stored cannot be read back. */
        DAMAGED
    }

    private final Kind kind;

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /**
     * Whether it passes without anybody doing something about this call. The store says in its log when such a time begins and when
     * it ends, so that its users need not warn of each call that fails.
     */
    public boolean passes() {
        return kind == Kind.NO_SPACE || kind == Kind.UNAVAILABLE;
    }

    /** The kind of failure. */
    public Kind kind() {
        return kind;
    }
}
