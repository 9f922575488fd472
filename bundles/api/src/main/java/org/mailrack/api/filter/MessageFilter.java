package org.mailrack.api.filter;

import org.osgi.annotation.versioning.ConsumerType;

/** Judges a whole message before it is accepted. Called by several threads at once. */
@ConsumerType
@FunctionalInterface
public interface MessageFilter {

    /** Judges a message; any exception counts as a failure of the filter, not as a verdict. */
    Verdict message(IncomingMail mail) throws Exception;
}
