/**
 * What a storage backend implements: small, batch-shaped, the same contract for an embedded database, a shared one or a cluster.
 *
 * <p>UIDs and mod-sequences are allocated inside the store, and callers never assume that one process sees every change. Each
 * interface has a contract test in {@code org.mailrack.testkit}.
 */
@Export
@Version("0.1.0")
package org.mailrack.api.store;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
