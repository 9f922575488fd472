package org.mailrack.smtp.internal;

import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Directory;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;

/** RCPT (RFC 5321 section 4.1.1.3). The place where relaying is denied. */
final class RcptCommand implements SmtpCommand {

    private static final Logger log = LoggerFactory.getLogger(RcptCommand.class);

    @Override
    public String verb() {
        return "RCPT";
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        Transaction transaction = dialog.transaction();
        if (transaction == null) {
            return Step.of(Replies.MAIL_FIRST);
        }
        PathArgument parsed;
        try {
            parsed = PathArgument.parse(argument, "TO:");
        } catch (PathArgument.ParameterException e) {
            return Step.of(Replies.BAD_PARAMETER);
        }
        if (parsed == null || parsed.path().isEmpty()) {
            return Step.of(Replies.RCPT_SYNTAX);
        }
        if (!parsed.parameters().isEmpty()) {
            return Step.of(Replies.UNKNOWN_PARAMETER);
        }
        MailAddress address;
        try {
            address = parsed.path().equalsIgnoreCase("postmaster")
                    ? postmaster(dialog)
                    : MailAddress.parse(parsed.path());
        } catch (AddressException e) {
            return Step.of(Replies.BAD_RECIPIENT);
        }
        if (transaction.recipients() >= dialog.settings().maxRecipients() && !transaction.has(address)) {
            return Step.of(Replies.TOO_MANY_RECIPIENTS);
        }
        Optional<Reply> refusal = refusal(dialog, address);
        if (refusal.isEmpty()) {
            transaction.accept(new Recipient(address));
            return Step.of(Replies.RECIPIENT_OK);
        }
        log.info(
                "recipient refused session={} remote={} from={} to={} reply=\"{}\"",
                dialog.session(),
                dialog.remoteAddress(),
                transaction.envelope().returnPath(),
                address,
                refusal.get());
        boolean tooMany = dialog.recipientRejected();
        return tooMany ? Step.close(Replies.TOO_MANY_ERRORS) : Step.of(refusal.get());
    }

    /** Why the recipient is not taken; empty when it is. */
    private static Optional<Reply> refusal(Dialog dialog, MailAddress address) {
        Directory directory = dialog.services().directory();
        Transaction transaction = dialog.transaction();
        if (address.needsUtf8() && !transaction.utf8()) {
            return Optional.of(Replies.RECIPIENT_NEEDS_UTF8);
        }
        if (directory.isLocal(address.domain())) {
            if (!directory.accepts(address)) {
                return Optional.of(Replies.UNKNOWN_USER);
            }
        } else if (dialog.flavor() != Flavor.SUBMISSION || dialog.account().isEmpty()) {
            return Optional.of(Replies.RELAY_DENIED);
        }
        if (transaction.has(address)) {
            return Optional.empty();
        }
        Verdict verdict =
                dialog.services().filters().recipient(dialog.client(), transaction.envelope(), new Recipient(address));
        transaction.keep(verdict);
        return Reply.refusal(verdict, 550, 450);
    }

    /** The postmaster without a domain (RFC 5321 section 4.5.1) is that of this host, or of the nearest local domain above it. */
    private static MailAddress postmaster(Dialog dialog) {
        String domain = dialog.hostname();
        while (!dialog.services().directory().isLocal(domain) && domain.indexOf('.') >= 0) {
            domain = domain.substring(domain.indexOf('.') + 1);
        }
        return new MailAddress("postmaster", domain);
    }
}
