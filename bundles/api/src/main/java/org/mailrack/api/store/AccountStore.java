package org.mailrack.api.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps domains, accounts and aliases for a directory. Names are in lower case. Every change is durable when its call returns.
 * Thread-safe; every method may throw {@link StoreException}.
 */
@ProviderType
public interface AccountStore {

    /** All domains, sorted. */
    List<String> domains();

    /** Adds a domain; EXISTS when it is there. */
    void addDomain(String domain);

    /** Removes a domain; NOT_FOUND when it is not there. */
    void removeDomain(String domain);

    /** All account names, sorted. */
    List<String> accounts();

    /** Adds an account with its credentials by scheme, such as {@code argon2id}; EXISTS when it is there. */
    void addAccount(String name, Map<String, String> credentials);

    /** The account's credentials by scheme, or empty when there is no such account. */
    Optional<Map<String, String>> credentials(String name);

    /** Replaces all credentials of an account; NOT_FOUND when it is not there. */
    void setCredentials(String name, Map<String, String> credentials);

    /** Removes an account, not its mailboxes; NOT_FOUND when it is not there. */
    void removeAccount(String name);

    /** All aliases with their targets, addresses as text. */
    Map<String, List<String>> aliases();

    /** Sets the targets of an alias; an empty list removes it. */
    void setAlias(String name, List<String> targets);
}
