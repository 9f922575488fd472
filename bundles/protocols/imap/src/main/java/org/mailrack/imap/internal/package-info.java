/** Serves mailboxes by IMAP. */
package org.mailrack.imap.internal;
