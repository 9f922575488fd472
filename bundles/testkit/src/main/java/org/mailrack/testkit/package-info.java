/**
 * Tools for those who write bundles: a connection without a socket, a small server for real clients, and the contract tests that
 * every implementation of an SPI has to pass.
 *
 * <p>For tests only. {@link org.mailrack.testkit.LoopbackServer} listens on loopback addresses alone, and its certificate's key
 * is public.
 */
@Export
@Version("0.1.0")
package org.mailrack.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
