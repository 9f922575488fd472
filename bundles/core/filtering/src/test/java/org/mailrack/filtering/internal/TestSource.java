package org.mailrack.filtering.internal;

import java.util.function.Supplier;

/** A registration as a test makes it. */
record TestSource(
        Object key,
        String name,
        int ranking,
        long id,
        boolean prompt,
        Origin origin,
        Supplier<Object> filter,
        Runnable stop)
        implements Source {

    static final Origin BUNDLE = new Origin(7, 1, "org.example.filters", "1.2.3");

    /** One that stops without ado. */
    TestSource(Object key, String name, int ranking, long id, boolean prompt, Origin origin, Supplier<Object> filter) {
        this(key, name, ranking, id, prompt, origin, filter, () -> {});
    }

    @Override
    public Object get() {
        return filter.get();
    }

    @Override
    public void unget() {
        stop.run();
    }
}
