/**
 * The local directory: domains, accounts and aliases over an account store, passwords, and the SASL mechanisms PLAIN and LOGIN.
 *
 * <p>Standards: RFC 9106 (Argon2id) with the parameters that OWASP advises, RFC 8265 section 4.2 (OpaqueString), RFC 4422
 * (SASL), RFC 4616 (PLAIN).
 *
 * <p>Guards against: telling an unknown account from a wrong password (both cost one hash and get the same words); guessing
 * (failures are counted per client and name, and per client, and refused for a growing time); exhaustion by hashing (few hashes
 * run at a time, and the wait for one is bounded); passwords in the clear (refused unless TLS protects them, or the client is on
 * loopback and {@code plaintext.loopback} says so); names that forge log lines.
 *
 * <p>Limits: names 254 octets, passwords 1024 octets; table sizes, waits and times are settings of
 * {@link org.mailrack.directory.internal.DirectoryConfig}.
 *
 * <p>Repeated logins: POP3 and IMAP clients log in every few minutes with the same password. After a full check an HMAC-SHA-256
 * of the password under a random key of this process is kept in memory for {@code verifier.lifetime} seconds, bound to the
 * stored hash, so that a changed password ends it at once. Only a right password takes this shortcut; a wrong one always costs
 * the full hash. The price: who can read this process's memory could guess the passwords of recent logins faster than from the
 * store, but would also find them there as they come in. 0 turns it off.
 */
package org.mailrack.directory.internal;
