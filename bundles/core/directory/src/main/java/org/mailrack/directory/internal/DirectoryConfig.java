package org.mailrack.directory.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of {@code etc/org.mailrack.directory.cfg}. */
@ObjectClassDefinition(
        name = "Mailrack directory",
        description = "Domains, accounts, aliases, and how passwords are kept and checked")
public @interface DirectoryConfig {

    @AttributeDefinition(
            name = "Host name",
            description = "The fully qualified name that the server gives itself; empty: the machine's own name")
    String hostname() default "";

    @AttributeDefinition(
            name = "Default domain",
            description =
                    "The domain of login names without one; empty: the only domain, or the one where the name is unique")
    String default_domain() default "";

    @AttributeDefinition(
            name = "Plain text on loopback",
            description = "Whether clients on a loopback address may send passwords without TLS")
    boolean plaintext_loopback() default false;

    @AttributeDefinition(
            name = "Refresh interval",
            description =
                    "Seconds after which changes by other processes that share the store are looked for; 0: never")
    int refresh_interval() default 60;

    @AttributeDefinition(name = "Argon2 memory", description = "KiB that hashing a new password takes")
    int argon2_memory() default 19456;

    @AttributeDefinition(name = "Argon2 iterations", description = "Passes over that memory")
    int argon2_iterations() default 2;

    @AttributeDefinition(name = "Argon2 parallelism", description = "Lanes of that memory")
    int argon2_parallelism() default 1;

    @AttributeDefinition(
            name = "Hashes at a time",
            description = "How many passwords are hashed at the same time; each takes the Argon2 memory")
    int hash_concurrency() default 2;

    @AttributeDefinition(
            name = "Wait for a hash",
            description = "Seconds that a login waits for its turn before it is refused for now")
    int hash_wait() default 5;

    @AttributeDefinition(
            name = "Verifier lifetime",
            description = "Seconds that a verifier of a right password is kept in memory; 0: not at all")
    int verifier_lifetime() default 300;

    @AttributeDefinition(name = "Verifiers", description = "How many such verifiers are kept")
    int verifier_max() default 10000;

    @AttributeDefinition(
            name = "Failure limit",
            description = "Failures of one client with one name, after which its logins are refused for a while")
    int failure_limit() default 10;

    @AttributeDefinition(
            name = "Failure limit per client",
            description = "Failures of one client with any names, after which its logins are refused for a while")
    int failure_limit_client() default 100;

    @AttributeDefinition(
            name = "Failure delay",
            description = "Seconds of the first refusal; each further failure doubles it")
    int failure_delay() default 1;

    @AttributeDefinition(name = "Longest failure delay", description = "Seconds that a refusal lasts at most")
    int failure_delay_max() default 300;

    @AttributeDefinition(name = "Failure window", description = "Seconds after which failures are forgotten")
    int failure_window() default 900;

    @AttributeDefinition(name = "Failure table", description = "How many clients and names are remembered")
    int failure_table() default 10000;
}
