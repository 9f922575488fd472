/** Contract tests that every implementation of an SPI passes, and an in-memory rack to test extensions with. */
@Export
@Version("0.1.0")
package org.mailrack.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
