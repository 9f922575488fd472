package org.mailrack.smtp.internal;

/** RSET (RFC 5321 section 4.1.1.5). */
final class RsetCommand implements SmtpCommand {

    @Override
    public String verb() {
        return "RSET";
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        if (!argument.isEmpty()) {
            return Step.of(Replies.NO_ARGUMENT);
        }
        dialog.reset();
        return Step.of(Replies.OK);
    }
}
