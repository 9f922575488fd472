package org.mailrack.api.directory;

import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.MailAddress;

/** Which domains, accounts and aliases are local. Thread-safe; cheap enough to be asked for every RCPT. */
@ProviderType
public interface Directory {

    /** The fully qualified name that this server gives itself in greetings, Received and bounces. */
    String hostname();

    /** Whether mail for that domain, in lower case, ends here. */
    boolean isLocal(String domain);

    /** The account that an address belongs to, aliases not looked at; empty when unknown. */
    Optional<Account> account(MailAddress address);

    /** What an address stands for if it is an alias; empty when it is none. */
    List<MailAddress> alias(MailAddress address);

    /** Whether mail for the address of a local domain can be delivered: it has an account, an alias, or is postmaster. */
    boolean accepts(MailAddress address);
}
