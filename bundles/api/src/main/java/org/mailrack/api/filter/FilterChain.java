package org.mailrack.api.filter;

import java.nio.ByteBuffer;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;

/**
 * All filters of the rack as one. Protocols that take mail in ask the chain, never a filter.
 *
 * <p>The result is {@link Verdict.Accept}, {@link Verdict.Defer} or {@link Verdict.Reject}. Tags of message filters are carried out
 * by the chain. Before the message there is no envelope that could take their attributes, so those come as a {@link Verdict.Tag}
 * without edits: the protocol keeps them for the session (connection, HELO) or the transaction (sender, recipient), and puts
 * them into the envelope.
 * A required filter that is absent, fails or is late gives {@link Verdict.Defer} with 4.7.1. Called by several threads at
 * once; never throws.
 */
@ProviderType
public interface FilterChain {

    /** Service property of every filter: its name in the configuration and the log. */
    String FILTER_NAME = "filter.name";

    /**
     * Service property of a filter, true when its calls wait for no disk, no network and no other thread, and compute little. They
     * are then made in the thread of the client, which no time limit can free from a call that hangs.
     */
    String PROMPT = "filter.prompt";

    /** Asks the connection filters. */
    Verdict connected(Client client);

    /** Asks the sender filters about HELO, EHLO or LHLO. */
    Verdict helo(Client client);

    /** Asks the sender filters about a reverse-path. */
    Verdict sender(Client client, Optional<MailAddress> reversePath);

    /** Asks the recipient filters. */
    Verdict recipient(Client client, Envelope envelope, Recipient recipient);

    /** Whether there is nobody to wait for before the message: no connection, sender or recipient filter that is not prompt. */
    boolean promptBeforeMessage();

    /** Whether there is nobody to wait for at the message: no message filter that is not prompt. */
    boolean promptAtMessage();

    /** Asks the message filters and works their header edits in. */
    Result message(MailId id, Client client, Envelope envelope, Content content);

    /**
     * The chain's word on a message.
     *
     * @param verdict accept, defer or reject
     * @param envelope the envelope with the attributes that filters added
     * @param headLength octets of the content that {@code head} replaces; 0 when no filter edited the header
     * @param head the new header section up to and including the empty line; empty when no filter edited the header
     */
    record Result(Verdict verdict, Envelope envelope, long headLength, ByteBuffer head) {}
}
