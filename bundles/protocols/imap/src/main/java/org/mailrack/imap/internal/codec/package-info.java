/**
 * The IMAP wire format: what is read ({@link org.mailrack.imap.internal.codec.Decoder}), what is written
 * ({@link org.mailrack.imap.internal.codec.Encoder}), and the small languages inside. Free of I/O and of state of a session.
 *
 * <p>Standards: RFC 3501 section 9 (grammar) and section 5.1.3 (modified UTF-7), RFC 7888 (non-synchronizing literals). Guards
 * against: NUL and bare CR in a command, numbers that overflow, sequence sets that cost more than they are long, names that
 * decode to what another spelling decodes to.
 */
package org.mailrack.imap.internal.codec;
