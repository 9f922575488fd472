package org.mailrack.smtp.internal;

/** NOOP (RFC 5321 section 4.1.1.9), whose argument is ignored. */
final class NoopCommand implements SmtpCommand {

    @Override
    public String verb() {
        return "NOOP";
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        return Step.of(Replies.OK);
    }
}
