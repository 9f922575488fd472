package org.mailrack.filtering.internal;

import org.mailrack.api.filter.Verdict;

/** One call of one filter, with what it gets to see. */
interface Inquiry {

    /** Calls the filter. */
    Verdict ask() throws Exception;

    /** The call is over, or nobody waits for it any more. */
    default void over() {}
}
