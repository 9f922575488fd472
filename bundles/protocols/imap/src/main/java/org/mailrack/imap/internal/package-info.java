/**
 * Serves mailboxes by IMAP4rev1: the component and its settings. The wire format is in {@code codec}, a session in
 * {@code session}, the commands in {@code command}, the answers to FETCH in {@code fetch}; none of them knows OSGi.
 *
 * <p>Standards: RFC 3501, and the extensions that each command names. Guards against: see the packages. Limits: the settings in
 * {@link org.mailrack.imap.internal.ImapConfig}.
 */
package org.mailrack.imap.internal;
