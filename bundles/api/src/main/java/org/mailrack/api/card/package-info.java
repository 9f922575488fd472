/**
 * How the services that bundles plug in are doing, as those see it who call them.
 *
 * <p>Who calls filters, policies or the like registers a {@link org.mailrack.api.card.CardRack}; the command {@code card list}
 * shows all of them.
 */
@Export
@Version("0.1.0")
package org.mailrack.api.card;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
