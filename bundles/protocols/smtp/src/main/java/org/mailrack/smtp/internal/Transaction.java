package org.mailrack.smtp.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;

/** One mail transaction, from MAIL to the end of the data (RFC 5321 section 3.3). */
final class Transaction {

    private final Optional<MailAddress> reversePath;
    private final boolean utf8;
    private final Map<String, String> attributes;
    private final Map<MailAddress, Recipient> recipients = new LinkedHashMap<>();
    private int accepted;
    private int rejected;

    /**
     * @param reversePath empty for the null reverse-path
     * @param utf8 whether MAIL had SMTPUTF8
     * @param attributes what the envelope shall say beside
     */
    Transaction(Optional<MailAddress> reversePath, boolean utf8, Map<String, String> attributes) {
        this.reversePath = reversePath;
        this.utf8 = utf8;
        this.attributes = new HashMap<>(attributes);
    }

    /** Keeps what filters said of the sender or a recipient. */
    void keep(Verdict verdict) {
        if (verdict instanceof Verdict.Tag tag) {
            attributes.putAll(tag.attributes());
        }
    }

    Optional<MailAddress> reversePath() {
        return reversePath;
    }

    boolean utf8() {
        return utf8;
    }

    /** Counts an accepted RCPT; a recipient named twice gets one copy. */
    void accept(Recipient recipient) {
        recipients.putIfAbsent(recipient.address(), recipient);
        accepted++;
    }

    /** Counts a rejected RCPT. */
    void reject() {
        rejected++;
    }

    /** How many RCPT commands were answered 250; LMTP owes an answer for each, the same recipient or not (RFC 2033). */
    int accepted() {
        return accepted;
    }

    int rejected() {
        return rejected;
    }

    int recipients() {
        return recipients.size();
    }

    boolean has(MailAddress recipient) {
        return recipients.containsKey(recipient);
    }

    Envelope envelope() {
        return new Envelope(reversePath, List.copyOf(recipients.values()), attributes);
    }
}
