/**
 * Mail in Maildir and Maildir++ (cr.yp.to/proto/maildir.html, and how Courier and Dovecot extend it): a file per message in
 * {@code cur} and {@code new}, folders as {@code .Folder.Sub} beside them.
 *
 * <p>Read and written: flags in the name ({@code :2,FS}), keywords by {@code dovecot-keywords}, the order and the UIDs by
 * {@code dovecot-uidlist}, {@code subscriptions}. The sizes {@code S=} and {@code W=} in a name are written and never believed.
 *
 * <p>Guards against: files that are renamed, removed or unreadable while they are read; lists that are damaged or do not fit.
 *
 * <p>Limits: 26 keywords a folder, which is what a name has letters for; lines of the lists 8 KiB; names are sorted on disk beyond
 * the setting {@code sort.memory}.
 */
package org.mailrack.transfer.internal.maildir;
