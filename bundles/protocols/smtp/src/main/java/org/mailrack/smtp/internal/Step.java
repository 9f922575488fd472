package org.mailrack.smtp.internal;

/** What a command leads to: an answer, and what happens after it went out. */
record Step(Reply reply, Effect effect) {

    /** What happens after the answer. */
    enum Effect {
        /** The next command. */
        NONE,
        /** TLS starts. */
        START_TLS,
        /** The data of a message comes, for {@link Dialog#receiver()}. */
        RECEIVE,
        /** The connection is closed. */
        CLOSE
    }

    static Step of(Reply reply) {
        return new Step(reply, Effect.NONE);
    }

    static Step close(Reply reply) {
        return new Step(reply, Effect.CLOSE);
    }
}
