package org.mailrack.smtp.internal;

import java.util.function.Consumer;

/** STARTTLS (RFC 3207). What the client sent after it in plain text is thrown away by the connection. */
final class StartTlsCommand implements SmtpCommand {

    @Override
    public String verb() {
        return "STARTTLS";
    }

    @Override
    public void keywords(Dialog dialog, Consumer<String> to) {
        if (dialog.offersTls()) {
            to.accept("STARTTLS");
        }
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        if (!argument.isEmpty()) {
            return Step.of(Replies.NO_ARGUMENT);
        }
        if (dialog.secure()) {
            return Step.of(Replies.TLS_ALREADY);
        }
        if (!dialog.offersTls()) {
            return Step.of(Replies.NOT_IMPLEMENTED);
        }
        return new Step(Replies.START_TLS, Step.Effect.START_TLS);
    }
}
