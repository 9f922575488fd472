/** The root of the published API. The services that bundles bring or use live in the packages below it. */
@Export
@Version("0.1.0")
package org.mailrack.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
