package org.mailrack.smtp.internal;

/** QUIT (RFC 5321 section 4.1.1.10). */
final class QuitCommand implements SmtpCommand {

    @Override
    public String verb() {
        return "QUIT";
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        return argument.isEmpty() ? Step.close(Replies.BYE) : Step.of(Replies.NO_ARGUMENT);
    }
}
