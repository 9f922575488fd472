package org.mailrack.api.mailbox;

import java.time.Instant;

import org.mailrack.api.mail.ContentRef;

/**
 * What is known of a message without reading it. Immutable.
 *
 * @param uid RFC 9051 section 2.3.1.1
 * @param modSeq RFC 7162
 * @param flags its flags
 * @param size octets of the content
 * @param internalDate RFC 9051 section 2.3.3
 * @param content where its content is
 */
public record MessageRow(long uid, long modSeq, Flags flags, long size, Instant internalDate, ContentRef content) {}
