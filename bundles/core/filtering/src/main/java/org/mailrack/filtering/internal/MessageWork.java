package org.mailrack.filtering.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.Header;
import org.mailrack.api.mail.MailId;

/** A message on its way through the filters. Each sees what those before it made of header and envelope. */
final class MessageWork extends AbstractWork {

    private static final Logger log = LoggerFactory.getLogger(MessageWork.class);

    private static final Verdict HEADER_TOO_BIG = new Verdict.Reject("5.3.4", "Header of the message too big");
    private static final ByteBuffer NO_HEAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final MailId id;
    private final Client client;
    private final Envelope envelope;
    private final Content content;
    private HeaderSection original;
    private HeaderSection header;
    private List<Header> headers;
    private Envelope tagged;

    MessageWork(FilteringSettings settings, MailId id, Client client, Envelope envelope, Content content) {
        super(settings, Stage.MESSAGE, client.session(), id.toString());
        this.id = id;
        this.client = client;
        this.envelope = envelope;
        this.content = content;
        this.tagged = envelope;
    }

    /** Reads the header; empty when the filters can be asked. */
    Optional<Verdict> read() {
        try {
            Optional<HeaderSection> read =
                    HeaderSection.read(content, settings().maxHeaderSize());
            if (read.isEmpty()) {
                return Optional.of(HEADER_TOO_BIG);
            }
            original = read.get();
            header = original;
            headers = header.headers();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            log.error("message cannot be read session={} mail={}", client.session(), id, e);
            return Optional.of(UNAVAILABLE);
        }
    }

    @Override
    boolean concerns(Domains domains) {
        return domains.concern(envelope);
    }

    @Override
    public int timeLimit(Entry entry) {
        return entry.card().limits().timeLimit();
    }

    @Override
    public Inquiry inquiry(Entry entry) {
        GuardedContent guarded = new GuardedContent(content);
        PendingMail mail = new PendingMail(id, client, tagged, headers, guarded);
        MessageFilter filter = (MessageFilter) entry.filter();
        return new Inquiry() {
            @Override
            public Verdict ask() throws Exception {
                return filter.message(mail);
            }

            @Override
            public void over() {
                guarded.over();
            }
        };
    }

    @Override
    void add(Verdict.Tag tag) throws FilterFailure {
        if (!tag.edits().isEmpty()) {
            try {
                header = header.edited(tag.edits(), settings().maxHeaderSize());
            } catch (HeaderSection.BadEdit e) {
                throw new FilterFailure(FilterFailure.Kind.ITS_OWN, e.getMessage());
            }
            headers = header.headers();
        }
        if (!tag.attributes().isEmpty()) {
            Map<String, String> attributes = new HashMap<>(tagged.attributes());
            attributes.putAll(tag.attributes());
            tagged = new Envelope(tagged.reversePath(), tagged.recipients(), attributes);
        }
    }

    /** The chain's word. */
    FilterChain.Result result() {
        Verdict end = end();
        if (end != null) {
            return unfiltered(end);
        }
        return header == original
                ? new FilterChain.Result(Verdict.ACCEPT, tagged, 0, NO_HEAD.duplicate())
                : new FilterChain.Result(Verdict.ACCEPT, tagged, original.length(), ByteBuffer.wrap(header.octets()));
    }

    /** A verdict, and nothing that filters said of the message. */
    FilterChain.Result unfiltered(Verdict verdict) {
        return new FilterChain.Result(verdict, envelope, 0, NO_HEAD.duplicate());
    }
}
