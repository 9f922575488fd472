package org.mailrack.pop3.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.SaslExchange;

/** An exchange of AUTH (RFC 5034 section 4): challenges and responses in Base64, {@code *} to give up. */
final class SaslDialog {

    private final SaslExchange exchange;

    SaslDialog(SaslExchange exchange) {
        this.exchange = exchange;
    }

    /** Takes a line that the client sent. */
    void respond(Pop3Session session, byte[] line) {
        if (line.length == 1 && line[0] == '*') {
            session.dialog(null);
            session.misused("Authentication cancelled");
            return;
        }
        Optional<byte[]> response = decode(line);
        Arrays.fill(line, (byte) 0);
        if (response.isEmpty()) {
            session.dialog(null);
            session.misused("Response is not Base64");
        } else {
            step(session, response);
        }
    }

    /** Takes a response, or the absence of an initial one. */
    void step(Pop3Session session, Optional<byte[]> response) {
        session.aside(() -> {
            try {
                Optional<byte[]> challenge = exchange.respond(response);
                if (challenge.isPresent()) {
                    String text = Base64.getEncoder().encodeToString(challenge.get());
                    return () -> {
                        session.dialog(this);
                        session.connection().write("+ " + text + "\r\n");
                    };
                }
                Account account = exchange.account();
                return () -> session.enter(account);
            } catch (AuthenticationException e) {
                return () -> session.loginFailed(Replies.of(e));
            } finally {
                response.ifPresent(octets -> Arrays.fill(octets, (byte) 0));
            }
        });
    }

    /** Strict Base64; a single {@code =} stands for an empty initial response only, which the caller knows. */
    static Optional<byte[]> decode(byte[] base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<byte[]> decodeInitial(String base64) {
        return base64.equals("=") ? Optional.of(new byte[0]) : decode(base64.getBytes(StandardCharsets.US_ASCII));
    }
}
