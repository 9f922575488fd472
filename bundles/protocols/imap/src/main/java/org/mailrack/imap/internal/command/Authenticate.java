package org.mailrack.imap.internal.command;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.SaslExchange;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.State;

/** AUTHENTICATE (RFC 3501 section 6.2.2), with an initial response (RFC 4959). */
final class Authenticate implements Command {

    @Override
    public String name() {
        return "AUTHENTICATE";
    }

    @Override
    public Set<State> states() {
        return Set.of(State.NOT_AUTHENTICATED);
    }

    @Override
    public Updates updates() {
        return Updates.NONE;
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        String mechanism = in.keyword();
        Optional<byte[]> initial = in.more() ? Optional.of(decode(in.base64())) : Optional.empty();
        in.end();
        try {
            SaslExchange exchange = session.authenticator().begin(mechanism, session.client());
            return step(session, mechanism, exchange, initial);
        } catch (AuthenticationException e) {
            return refused(session, mechanism, e);
        }
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        if (session.state() != State.NOT_AUTHENTICATED) {
            return List.of();
        }
        List<String> all = new ArrayList<>(List.of("SASL-IR"));
        session.authenticator().mechanisms(session.client()).forEach(name -> all.add("AUTH=" + name));
        return all;
    }

    /** A check of who the client is. */
    @FunctionalInterface
    interface Check<T> {
        T run() throws AuthenticationException;
    }

    /** Checks apart from the threads of connections, because it is meant to cost time. */
    static <T> Response check(ImapSession session, String how, Check<T> check, Function<T, Response> then) {
        return session.background(
                session.logins(),
                Updates.NONE,
                () -> {
                    try {
                        T result = check.run();
                        return (Supplier<Response>) () -> then.apply(result);
                    } catch (AuthenticationException e) {
                        return (Supplier<Response>) () -> refused(session, how, e);
                    }
                },
                Supplier::get);
    }

    private static Response step(
            ImapSession session, String mechanism, SaslExchange exchange, Optional<byte[]> response) {
        return check(session, mechanism, () -> exchange.respond(response), challenge -> {
            if (challenge.isEmpty()) {
                session.authenticated(exchange.account(), mechanism);
                return done(session);
            }
            String tag = session.tag();
            return session.await(
                    in -> {
                        session.resumeCommands();
                        Response next = session.guarded(() -> answer(session, mechanism, exchange, in));
                        if (next != Response.LATER) {
                            session.finish(tag, next, Updates.NONE);
                        }
                    },
                    Base64.getEncoder().encodeToString(challenge.get()));
        });
    }

    private static Response answer(ImapSession session, String mechanism, SaslExchange exchange, Decoder in) {
        if (in.take('*')) {
            return Response.bad("AUTHENTICATE cancelled");
        }
        byte[] response = in.atEnd() ? new byte[0] : decode(in.base64());
        in.end();
        return step(session, mechanism, exchange, Optional.of(response));
    }

    private static byte[] decode(String base64) {
        if (base64.equals("=")) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw CommandException.bad("Not Base64");
        }
    }

    /** The end of a login that was accepted. What the server can do is told at once, to save a question. */
    static Response done(ImapSession session) {
        return Response.ok("CAPABILITY " + session.registry().capabilities(session), "Logged in");
    }

    /** The end of a login that was not. */
    static Response refused(ImapSession session, String mechanism, AuthenticationException e) {
        session.loginFailed(mechanism, e.reason().toString());
        return switch (e.reason()) {
            case FAILED -> Response.no("AUTHENTICATIONFAILED", "Name or password is wrong");
            case PRIVACY_REQUIRED -> Response.no("PRIVACYREQUIRED", "Start TLS first");
            case UNSUPPORTED -> Response.no("CANNOT", "No such mechanism");
            case MALFORMED -> Response.bad("The response cannot be read");
            case TEMPORARY -> Response.no("UNAVAILABLE", "Not now, try again later");
        };
    }
}
