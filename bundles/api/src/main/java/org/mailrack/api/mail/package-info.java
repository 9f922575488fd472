/**
 * The mail itself: addresses, envelopes and content, as every room passes them on.
 *
 * <p>Standards: RFC 5321 section 4.1.2 (mailbox and path grammar), RFC 6531 section 3.3 (UTF-8 in them), RFC 5322 section 2.2
 * (header fields). Guards against: control characters and line ends smuggled in addresses. Limits: local part 64 octets, domain
 * 255 octets, path 256 octets (RFC 5321 section 4.5.3.1).
 */
@Export
@Version("0.1.0")
package org.mailrack.api.mail;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
