package org.mailrack.api.filter;

import org.osgi.annotation.versioning.ConsumerType;

/** Judges a client before it is greeted. Called by several threads at once. */
@ConsumerType
@FunctionalInterface
public interface ConnectionFilter {

    /** Judges a client that connected; any exception counts as a failure of the filter, not as a verdict. */
    Verdict connected(Client client) throws Exception;
}
