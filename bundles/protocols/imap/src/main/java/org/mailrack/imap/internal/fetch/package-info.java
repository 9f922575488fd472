/**
 * What FETCH asks and how it is answered, message by message while the client takes it.
 *
 * <p>Standards: RFC 3501 sections 6.4.5 (items and sections) and 7.4.2 (FETCH response). Guards against: answers as large as a
 * mailbox, part numbers without end, a message that goes away between the command and its answer.
 */
package org.mailrack.imap.internal.fetch;
