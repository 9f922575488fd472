package org.mailrack.smtp.internal;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.SaslExchange;

/** AUTH (RFC 4954), on submission only. Which mechanisms there are, and how slow a wrong password is, the authenticator knows. */
final class AuthCommand implements SmtpCommand {

    private static final Logger log = LoggerFactory.getLogger(AuthCommand.class);

    @Override
    public String verb() {
        return "AUTH";
    }

    @Override
    public boolean serves(Flavor flavor) {
        return flavor == Flavor.SUBMISSION;
    }

    @Override
    public void keywords(Dialog dialog, Consumer<String> to) {
        List<String> mechanisms = dialog.offersAuth() ? mechanisms(dialog) : List.of();
        if (!mechanisms.isEmpty()) {
            to.accept("AUTH " + String.join(" ", mechanisms));
        }
    }

    private static List<String> mechanisms(Dialog dialog) {
        return authenticator(dialog).mechanisms(dialog.authClient());
    }

    private static Authenticator authenticator(Dialog dialog) {
        return dialog.services().authenticator().orElseThrow();
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        if (!dialog.extended()) {
            return Step.of(Replies.HELO_FIRST);
        }
        if (dialog.account().isPresent()) {
            return Step.of(Replies.AUTH_ALREADY);
        }
        if (dialog.transaction() != null) {
            return Step.of(Replies.AUTH_IN_TRANSACTION);
        }
        if (argument.isEmpty()) {
            return Step.of(Replies.ARGUMENT_MISSING);
        }
        int space = argument.indexOf(' ');
        String mechanism = (space < 0 ? argument : argument.substring(0, space)).toUpperCase(Locale.ROOT);
        if (!mechanisms(dialog).contains(mechanism)) {
            return Step.of(dialog.secure() ? Replies.AUTH_UNSUPPORTED : Replies.PRIVACY_REQUIRED);
        }
        try {
            SaslExchange exchange = authenticator(dialog).begin(mechanism, dialog.authClient());
            if (space < 0) {
                return respond(dialog, mechanism, exchange, Optional.empty());
            }
            String initial = argument.substring(space + 1).strip();
            // "=" is an initial response of no octets (section 4).
            return decoded(dialog, mechanism, exchange, initial.equals("=") ? "" : initial);
        } catch (AuthenticationException e) {
            return failed(dialog, mechanism, e);
        }
    }

    private static Step line(Dialog dialog, String mechanism, SaslExchange exchange, String line) {
        if (line.equals("*")) {
            return Step.of(Replies.AUTH_CANCELLED);
        }
        return decoded(dialog, mechanism, exchange, line);
    }

    private static Step decoded(Dialog dialog, String mechanism, SaslExchange exchange, String base64) {
        byte[] response;
        try {
            response = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return Step.of(Replies.AUTH_MALFORMED);
        }
        try {
            return respond(dialog, mechanism, exchange, Optional.of(response));
        } finally {
            Arrays.fill(response, (byte) 0);
        }
    }

    private static Step respond(Dialog dialog, String mechanism, SaslExchange exchange, Optional<byte[]> response) {
        try {
            Optional<byte[]> challenge = exchange.respond(response);
            if (challenge.isPresent()) {
                dialog.continueWith(line -> line(dialog, mechanism, exchange, line));
                return Step.of(Reply.challenge(Base64.getEncoder().encodeToString(challenge.get())));
            }
            dialog.authenticated(exchange.account());
            log.info(
                    "client authenticated session={} remote={} account={} mechanism={}",
                    dialog.session(),
                    dialog.remoteAddress(),
                    exchange.account().name(),
                    mechanism);
            return Step.of(Replies.AUTHENTICATED);
        } catch (AuthenticationException e) {
            return failed(dialog, mechanism, e);
        }
    }

    private static Step failed(Dialog dialog, String mechanism, AuthenticationException e) {
        log.info(
                "authentication failed session={} remote={} mechanism={} reason={}",
                dialog.session(),
                dialog.remoteAddress(),
                mechanism,
                e.reason());
        Reply reply =
                switch (e.reason()) {
                    case FAILED -> Replies.AUTH_FAILED;
                    case PRIVACY_REQUIRED -> Replies.PRIVACY_REQUIRED;
                    case UNSUPPORTED -> Replies.AUTH_UNSUPPORTED;
                    case MALFORMED -> Replies.AUTH_MALFORMED;
                    case TEMPORARY -> Replies.AUTH_TEMPORARY;
                };
        return dialog.authFailed() ? Step.close(Replies.TOO_MANY_AUTH_FAILURES) : Step.of(reply);
    }
}
