package org.mailrack.smtp.internal;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;

import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.spool.Spool;

/**
 * What a session works with.
 *
 * @param authenticator present where AUTH is offered
 * @param worker runs what may take as long as the message filters; throws RejectedExecutionException when it has too much
 */
record Services(
        Directory directory,
        Spool spool,
        FilterChain filters,
        Optional<Authenticator> authenticator,
        CommandRegistry commands,
        Executor worker,
        Clock clock) {}
