package org.mailrack.relay.internal;

import org.mailrack.api.delivery.Outcome;

/** Something stands in the way of all recipients at hand; says what to report if nothing better is found. */
final class RouteException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    RouteException(Outcome outcome) {
        super(outcome.text());
        this.outcome = outcome;
    }

    static RouteException deferred(String code, String remote, String text) {
        return new RouteException(new Outcome.Deferred(code, remote, text));
    }

    static RouteException failed(String code, String remote, String text) {
        return new RouteException(new Outcome.Failed(code, remote, text));
    }

    Outcome outcome() {
        return outcome;
    }

    boolean permanent() {
        return outcome instanceof Outcome.Failed;
    }
}
