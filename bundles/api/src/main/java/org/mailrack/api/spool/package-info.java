/**
 * The durable queue between acceptance and delivery.
 *
 * <p>Promise: what {@link org.mailrack.api.spool.Spool#accept} has completed survives {@code kill -9} and power loss.
 */
@Export
@Version("0.1.0")
package org.mailrack.api.spool;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
