package org.mailrack.smtp.internal;

/** VRFY (RFC 5321 section 4.1.1.6), which tells nobody who has a mailbox here (section 7.3). */
final class VrfyCommand implements SmtpCommand {

    @Override
    public String verb() {
        return "VRFY";
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        return Step.of(argument.isEmpty() ? Replies.ARGUMENT_MISSING : Replies.CANNOT_VERIFY);
    }
}
