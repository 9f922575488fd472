/**
 * Moves mailboxes in and out: Maildir and mbox, as the commands {@code import} and {@code export}.
 *
 * <p>Messages stream; what is held in memory is a batch of them and some octets per message of the folder at hand. An import appends
 * in batches, by delivery keys that depend on the message alone, so that repeating one adds what is missing and doubles nothing.
 *
 * <p>Guards against: files that change or cannot be read meanwhile (named and passed over), lines, headers and messages without end,
 * bare line ends and NUL, lengths that a file claims for itself (never looked at), names that are no mailbox names.
 *
 * <p>Limits: messages and octets of a batch, octets of a message, memory for sorting names, problems that are named; all are settings.
 */
package org.mailrack.transfer.internal;
