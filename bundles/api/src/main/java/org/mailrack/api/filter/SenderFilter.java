package org.mailrack.api.filter;

import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

import org.mailrack.api.mail.MailAddress;

/** Judges the name a client gives itself and the reverse-path of a mail. Called by several threads at once. */
@ConsumerType
public interface SenderFilter {

    /** Judges HELO, EHLO or LHLO; the name is in {@code client}. */
    default Verdict helo(Client client) throws Exception {
        return Verdict.ACCEPT;
    }

    /** Judges a reverse-path; empty is the null reverse-path. */
    Verdict sender(Client client, Optional<MailAddress> reversePath) throws Exception;
}
