package org.mailrack.api.directory;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.MailAddress;

/**
 * Changes the directory. Every method throws {@link IllegalArgumentException} with a sentence for the operator when it cannot do
 * what was asked. Thread-safe. Passwords are not kept; the caller wipes its array.
 */
@ProviderType
public interface DirectoryAdmin {

    /** The local domains, sorted. */
    List<String> domains();

    /** Adds a local domain. */
    void addDomain(String domain);

    /** Removes a local domain that has no accounts. */
    void removeDomain(String domain);

    /** The accounts, sorted by name. */
    List<Account> accounts();

    /** Adds an account in a local domain. */
    Account addAccount(MailAddress address, char[] password);

    /** Gives an account a new password. */
    void setPassword(MailAddress address, char[] password);

    /** Removes an account; its mailboxes go with it. */
    void removeAccount(MailAddress address);

    /** Makes an address of a local domain stand for others; an empty list removes the alias. */
    void setAlias(MailAddress address, List<MailAddress> targets);
}
