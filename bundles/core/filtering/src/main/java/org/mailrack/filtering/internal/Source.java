package org.mailrack.filtering.internal;

/**
 * A registration of a filter. What it tells of itself is at hand, the filter is not: to get it may run the filter's own code, which
 * starts it.
 */
interface Source {

    /** Stands for the registration; the same after its properties changed. */
    Object key();

    String name();

    int ranking();

    long id();

    /** Whether it says that its calls wait for nothing. */
    boolean prompt();

    Origin origin();

    /** Gets the filter; null when it cannot be had. May throw, and take its time. */
    Object get();

    /** Gives it back. */
    void unget();
}
