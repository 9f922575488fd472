/**
 * Sends mail to other servers by SMTP.
 *
 * <p>Standards: RFC 5321 (sections 3.3, 4.5.3.2, 4.5.4, 5.1), RFC 7505 (null MX), RFC 1870 (SIZE), RFC 2034 and 3463 (enhanced codes),
 * RFC 2920 (PIPELINING), RFC 3207 (STARTTLS), RFC 3461 (NOTIFY and ORCPT are passed on), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8).
 *
 * <p>Guards against: servers that are slow, silent, talk without end or talk nonsense; replies put in front of STARTTLS; mail that
 * comes back to us; bare CR, bare LF and NUL on their way to others. One slow destination holds up no other.
 *
 * <p>Limits: conversations in all and per destination, waiting jobs, recipients per transaction, servers per attempt, reply lines of
 * 2,048 octets and replies of 128 lines, and a time limit for each step.
 *
 * <p>On purpose: in a message with eight-bit octets for a server without 8BITMIME nothing is converted.
 */
package org.mailrack.relay.internal;
