/** Owns the sockets: endpoints, TLS and connection limits, in front of the protocols. */
package org.mailrack.transport.internal;
