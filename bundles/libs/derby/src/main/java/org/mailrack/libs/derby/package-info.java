/** The one door between the wrapped engine and the store that runs it. */
@Export
@Version("0.1.0")
package org.mailrack.libs.derby;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
