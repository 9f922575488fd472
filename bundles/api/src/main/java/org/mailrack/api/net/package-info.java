/**
 * What a protocol sees of the network: a {@link org.mailrack.api.net.Connection} instead of a socket.
 *
 * <p>The transport bundle owns sockets, threads, TLS and limits; a protocol bundle registers a
 * {@link org.mailrack.api.net.Protocol} and gets one {@link org.mailrack.api.net.Session} per connection.
 */
@Export
@Version("0.1.0")
package org.mailrack.api.net;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
