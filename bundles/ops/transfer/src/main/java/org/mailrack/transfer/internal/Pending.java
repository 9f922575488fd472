package org.mailrack.transfer.internal;

import java.time.Instant;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mailbox.Flags;

/**
 * A message that was read and waits to be appended.
 *
 * @param content its octets
 * @param key the delivery key, which a second import has again
 * @param where where it came from
 */
record Pending(ContentWriter content, String key, String where, Flags flags, Instant date) {}
