package org.mailrack.imap.internal.session;

import java.nio.ByteBuffer;
import java.util.Optional;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Session;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.LiteralSink;
import org.mailrack.imap.internal.codec.SyntaxException;
import org.mailrack.imap.internal.session.Command.Updates;

/** What the transport calls: takes commands one after another out of the input, and runs each. */
public final class SessionLoop implements Session {

    private final ImapSession session;
    private final Limits limits;
    private final CommandInput input = new CommandInput(this::gate);

    public SessionLoop(Connection connection, Services services, Limits limits) {
        this.session = new ImapSession(connection, services, limits);
        this.limits = limits;
    }

    @Override
    public void opened() {
        session.connection().idleTimeout(limits.loginTimeout());
        session.out()
                .raw("* OK [CAPABILITY ")
                .raw(session.registry().capabilities(session))
                .raw("] ")
                .raw(session.hostname())
                .raw(" Mailrack IMAP ready")
                .crlf();
        session.flush();
    }

    @Override
    public void received(ByteBuffer octets) {
        while (session.ready()) {
            if (session.continuation() != null) {
                session.continuation().writable();
            }
            if (!session.ready() || !octets.hasRemaining()) {
                return;
            }
            boolean known = session.state() != State.NOT_AUTHENTICATED;
            CommandInput.Event event = input.feed(octets, known ? limits.line() : limits.lineBeforeLogin());
            switch (event) {
                case MORE -> {}
                case CONTINUE -> {
                    session.out().raw("+ Go on").crlf();
                    session.flush();
                }
                case REFUSED -> {
                    refused(input.refusal());
                    input.next();
                }
                case TOO_LONG -> {
                    readTag().ifPresent(t -> session.out()
                            .raw(t)
                            .raw(" BAD [TOOBIG] Line too long")
                            .crlf());
                    session.bye("Line too long");
                }
                case COMMAND -> {
                    command(input.command());
                    input.next();
                }
                default -> throw new IllegalStateException();
            }
        }
    }

    private void refused(Response refusal) {
        if (session.continuation() == null) {
            session.finish(readTag().orElse("*"), refusal, Updates.NO_EXPUNGE);
        } else {
            session.continuation().closed();
            session.resumeCommands();
            session.finish(session.tag(), refusal, Updates.NONE);
        }
    }

    private Optional<String> readTag() {
        try {
            Decoder in = input.soFar();
            String read = in.tag();
            return in.peek() == ' ' ? Optional.of(read) : Optional.empty();
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    private void command(Decoder in) {
        if (session.continuation() != null) {
            ImapSession.Continuation lines = session.continuation();
            Response response = session.guarded(() -> {
                lines.line(in);
                return Response.LATER;
            });
            if (response != Response.LATER) {
                session.resumeCommands();
                session.finish(session.tag(), response, Updates.NONE);
            }
            return;
        }
        Optional<String> read = readTag();
        if (read.isEmpty()) {
            session.finish("*", Response.bad("Tag expected"), Updates.NONE);
            return;
        }
        session.begin(in.tag());
        Command[] found = new Command[1];
        Response response = session.guarded(() -> {
            found[0] = find(in);
            if (!in.atEnd()) {
                in.space();
            }
            return found[0].run(session, in);
        });
        if (response != Response.LATER) {
            session.finish(session.tag(), response, found[0] == null ? Updates.NONE : found[0].updates());
        }
    }

    private Command find(Decoder in) {
        in.space();
        String name = in.keyword();
        Command command = session.registry().find(name).orElseThrow(() -> CommandException.bad("Unknown command"));
        if (!command.states().contains(session.state())) {
            throw CommandException.bad(
                    switch (session.state()) {
                        case NOT_AUTHENTICATED -> "Log in first";
                        case AUTHENTICATED -> "Select a mailbox first";
                        default -> "Not valid now";
                    });
        }
        return command;
    }

    /** Decides on a literal before any of it is taken. */
    private LiteralSink gate(Decoder before, long size, int kept, boolean waits) {
        if (session.continuation() != null) {
            throw CommandException.bad("No literal here");
        }
        boolean known = session.state() != State.NOT_AUTHENTICATED;
        Optional<String> read = readTag();
        LiteralSink[] sink = new LiteralSink[1];
        if (known && read.isPresent()) {
            Response refused = session.guarded(() -> {
                before.tag();
                if (find(before) instanceof Command.WithStream command) {
                    before.space();
                    sink[0] = command.literal(session, before, size);
                }
                return Response.LATER;
            });
            if (refused != Response.LATER) {
                throw new CommandException(refused);
            }
        }
        if (sink[0] == null && size > (known ? limits.literals() : limits.literalsBeforeLogin()) - kept) {
            if (!known && !waits) {
                // A stranger who sends it all the same is not worth the skipping.
                session.bye("[TOOBIG] Literal too long");
            }
            throw CommandException.no("TOOBIG", "Literal too long");
        }
        return sink[0];
    }

    @Override
    public void secured() {
        session.secured();
        input.next();
    }

    @Override
    public void idle() {
        if (session.state() == State.LOGOUT || session.working()) {
            return;
        }
        if (session.continuation() == null || session.continuation().idle()) {
            session.bye("Autologout, idle for too long");
        }
    }

    @Override
    public void goodbye() {
        session.goodbye();
    }

    @Override
    public void closed() {
        input.close();
        session.closed();
    }
}
