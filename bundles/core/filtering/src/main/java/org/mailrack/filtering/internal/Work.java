package org.mailrack.filtering.internal;

import org.mailrack.api.filter.Verdict;

/** What a mail, or what there is of it yet, asks of the filters of a line. Used by one thread after the other. */
interface Work {

    /** Whether the filter is for this mail. */
    boolean concerns(Entry entry);

    /** Milliseconds that the filter may take. */
    int timeLimit(Entry entry);

    /** Prepares a call. */
    Inquiry inquiry(Entry entry);

    /**
     * Works a verdict in; whether the next filter is to be asked.
     *
     * @throws FilterFailure when it is none that a filter may give
     */
    boolean take(Entry entry, Verdict verdict) throws FilterFailure;

    /** There is no verdict; whether the next filter is to be asked. */
    boolean failed(Entry entry, FilterFailure failure);

    /** Nobody is to be asked any more, for a reason that is no filter's. */
    void broken(String reason);
}
