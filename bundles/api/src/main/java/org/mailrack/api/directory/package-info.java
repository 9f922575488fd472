/**
 * Who is who: local domains, accounts, aliases, and how a client proves to be one of them.
 *
 * <p>Standards: RFC 4422 (SASL), RFC 4616 (PLAIN). Guards against: telling an unknown account from a wrong password, by answer
 * or by time.
 */
@Export
@Version("0.1.0")
package org.mailrack.api.directory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
