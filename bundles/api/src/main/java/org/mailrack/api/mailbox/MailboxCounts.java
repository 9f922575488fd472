package org.mailrack.api.mailbox;

/**
 * What IMAP STATUS tells of a mailbox beside its {@link MailboxInfo}. Immutable.
 *
 * @param info the mailbox at the same moment
 * @param messages how many messages
 * @param unseen how many without {@code \Seen}
 * @param deleted how many with {@code \Deleted}
 * @param size octets of all messages
 * @param recent how many no session was told of yet
 */
public record MailboxCounts(MailboxInfo info, int messages, int unseen, int deleted, long size, int recent) {}
