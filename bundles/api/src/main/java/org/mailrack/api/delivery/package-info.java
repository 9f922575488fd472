/**
 * From the spool to where a mail belongs: policies choose a {@link org.mailrack.api.delivery.Route} per recipient, transports
 * carry it out and report an {@link org.mailrack.api.delivery.Outcome}.
 *
 * <p>Standards: RFC 3463 (enhanced status codes), RFC 3464 (delivery status notifications), RFC 5321 section 4.5.4 (retries).
 */
@Export
@Version("0.1.0")
package org.mailrack.api.delivery;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
