/** Sends mail for other domains to their servers, with retry and bounce. */
package org.mailrack.relay.internal;
