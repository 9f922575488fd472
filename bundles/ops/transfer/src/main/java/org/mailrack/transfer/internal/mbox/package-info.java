/**
 * Mail in mbox files (RFC 4155), as Dovecot, mutt, Thunderbird and others write them.
 *
 * <p>A message begins at a line {@code From SENDER DATE} after an empty line or at the start of the file. Read: lines quoted as
 * {@code >From } (mboxo) and {@code >>From } (mboxrd), LF and CRLF, flags in {@code Status}, {@code X-Status} and
 * {@code X-Keywords}. {@code Content-Length} is never looked at, because whoever moved or edited the file did not keep it true.
 * Written: mboxrd with LF, UIDs in {@code X-IMAPbase} and {@code X-UID} as Dovecot and UW IMAP have them.
 *
 * <p>Guards against: text that looks like a separator (without a date it is none), fields of these names that a stranger has put in
 * his message (an export leaves them out), headers and lines without end.
 *
 * <p>Limits: fields of the program's own are read up to 8 KiB; folders are looked for 20 levels deep.
 */
package org.mailrack.transfer.internal.mbox;
