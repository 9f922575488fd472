/** Mailboxes, accounts and queue state in an embedded Derby database. */
package org.mailrack.store.derby.internal;
