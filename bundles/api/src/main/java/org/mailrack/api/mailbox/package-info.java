/**
 * Mailboxes as IMAP, POP3, JMAP and webmail see them: shared live handles, immutable views, events and search.
 *
 * <p>Standards: RFC 9051 and RFC 3501 section 2.3 (message attributes), RFC 7162 (mod-sequences), RFC 6154 (special use).
 */
@Export
@Version("0.1.0")
package org.mailrack.api.mailbox;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
