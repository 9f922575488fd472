/**
 * Owns the sockets: endpoints, TLS and connection limits, in front of the protocols.
 *
 * <p>MINA moves octets between the kernel and {@link org.mailrack.transport.internal.ClientConnection}, and nothing else: order,
 * backpressure, TLS, timeouts and limits are decided here. Threads: a few for sockets, one per listening address, one for the clock,
 * and a bounded pool that runs sessions. An idle connection holds no thread and no buffer.
 *
 * <p>Standards: RFC 8314 (implicit TLS), RFC 3207 section 6 and its like (STARTTLS), RFC 8446 and RFC 5246 (TLS 1.3 and 1.2, nothing
 * older), RFC 7468, 5208, 8017, 5915 (PEM files and keys), RFC 5280 (the self-signed certificate).
 *
 * <p>Guards against: plain text taken for protected across STARTTLS, clients that send faster than they are served, that do not read,
 * that never finish a handshake or take all connections; sessions that throw or leave input without end.
 *
 * <p>Limits: connections in all and per client, 128 KiB of unconsumed input, 64 KiB of untaken output before a session is asked to
 * stop, and the timeouts of {@link org.mailrack.transport.internal.EndpointSettings}.
 */
package org.mailrack.transport.internal;
