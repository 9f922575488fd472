/**
 * The commands, one class each, and the list of them in {@link org.mailrack.imap.internal.command.Commands}.
 *
 * <p>Standards: RFC 3501 section 6; RFC 2177 (IDLE), RFC 2342 (NAMESPACE), RFC 2971 (ID), RFC 3502 (MULTIAPPEND), RFC 3691 (UNSELECT), RFC 4315
 * (UIDPLUS), RFC 4959 (SASL-IR), RFC 5161 (ENABLE), RFC 5530 (response codes), RFC 6154 (SPECIAL-USE), RFC 6851 (MOVE), RFC 8438
 * (STATUS=SIZE). Guards against: passwords in plain text, patterns and searches that cost more than they are long, messages with
 * NUL or bare line ends.
 */
package org.mailrack.imap.internal.command;
