package org.mailrack.api.delivery;

import java.util.List;
import java.util.Map;

import org.mailrack.api.mail.MailAddress;

/** What shall happen to a mail for one recipient. Immutable. */
public sealed interface Route {

    /**
     * Into a mailbox of this rack.
     *
     * @param account whose
     * @param mailbox which; made when it does not exist
     * @param flags flags and keywords that the message gets
     */
    record ToMailbox(String account, String mailbox, List<String> flags) implements Route {
        public ToMailbox {
            flags = List.copyOf(flags);
        }
    }

    /** By SMTP to the recipient's domain, or to {@code nextHop} ({@code host} or {@code host:port}) if that is not empty. */
    record ToRelay(String nextHop) implements Route {}

    /** By the {@link Transport} of that name, with whatever settings it knows. */
    record ToTransport(String transport, Map<String, String> settings) implements Route {
        public ToTransport {
            settings = Map.copyOf(settings);
        }
    }

    /** To others in its place, as an alias says; each is routed anew. */
    record Expand(List<MailAddress> recipients) implements Route {
        public Expand {
            recipients = List.copyOf(recipients);
        }
    }

    /** Not at all, and the sender is told: an RFC 3463 code of class 5 and a text. */
    record Reject(String enhancedCode, String text) implements Route {}

    /** Not now: tried again later. An RFC 3463 code of class 4 and a text. */
    record Defer(String enhancedCode, String text) implements Route {}

    /** Waits in the spool until an operator releases the mail. */
    record Hold(String reason) implements Route {}

    /** Silently nowhere; the reason is logged. */
    record Discard(String reason) implements Route {}
}
