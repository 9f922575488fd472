package org.mailrack.filtering.internal;

/** The moments at which filters are asked. */
enum Stage {
    CONNECTION(Kind.CONNECTION, false),
    HELO(Kind.SENDER, false),
    SENDER(Kind.SENDER, true),
    RECIPIENT(Kind.RECIPIENT, true),
    MESSAGE(Kind.MESSAGE, true);

    private final Kind kind;
    private final boolean carriesMail;

    Stage(Kind kind, boolean carriesMail) {
        this.kind = kind;
        this.carriesMail = carriesMail;
    }

    /** The filters that are asked. */
    Kind kind() {
        return kind;
    }

    /** Whether a mail could get past a filter there, and not only a client. */
    boolean carriesMail() {
        return carriesMail;
    }

    /** Whether recipients are known there. */
    boolean knowsRecipients() {
        return this == RECIPIENT || this == MESSAGE;
    }
}
