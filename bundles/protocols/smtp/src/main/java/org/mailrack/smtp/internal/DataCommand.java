package org.mailrack.smtp.internal;

import org.mailrack.api.mail.MailId;
import org.mailrack.api.spool.Spool;

/** DATA (RFC 5321 section 4.1.1.4). */
final class DataCommand implements SmtpCommand {

    @Override
    public String verb() {
        return "DATA";
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        if (!argument.isEmpty()) {
            return Step.of(Replies.NO_ARGUMENT);
        }
        Transaction transaction = dialog.transaction();
        if (transaction == null) {
            return Step.of(Replies.MAIL_FIRST);
        }
        if (transaction.accepted() == 0) {
            return Step.of(transaction.rejected() == 0 ? Replies.RCPT_FIRST : Replies.NO_VALID_RECIPIENTS);
        }
        Spool spool = dialog.services().spool();
        MailId id = spool.newId();
        dialog.receive(new MessageReceiver(id, spool.create(), dialog.settings()));
        return new Step(Replies.GO_AHEAD, Step.Effect.RECEIVE);
    }
}
