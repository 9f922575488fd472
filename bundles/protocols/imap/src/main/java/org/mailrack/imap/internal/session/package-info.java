/**
 * One client's session: how input becomes commands, which state the session is in, what the client knows of its mailbox and what
 * it is told when.
 *
 * <p>Standards: RFC 3501 sections 3 (states), 5.2 and 5.5 (updates and pipelining), 7.4.1 (when EXPUNGE may be told); RFC 7888
 * (literals); RFC 2180 (a mailbox with many sessions). Guards against: literals and lines without end, plain text pipelined over
 * STARTTLS, clients that guess passwords or talk another protocol, answers built in memory. Limits:
 * {@link org.mailrack.imap.internal.session.Limits}.
 */
package org.mailrack.imap.internal.session;
