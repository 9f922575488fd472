package org.mailrack.imap.internal.session;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Session;
import org.mailrack.api.store.StoreException;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.codec.LiteralSink;
import org.mailrack.imap.internal.codec.SyntaxException;
import org.mailrack.imap.internal.session.Command.Updates;

/** One client's session: takes commands in order, runs each, and tells its end. */
public final class ImapSession implements Session {

    private static final Logger log = LoggerFactory.getLogger(ImapSession.class);
    private static final int FLUSH = 32 * 1024;

    /** Takes the lines that follow a continuation request, in place of commands. */
    public interface Continuation {
        /** One line. */
        void line(Decoder in);

        /** Nothing came for a while; whether the session is over its time. */
        default boolean idle() {
            return true;
        }

        /** The session may go on writing. */
        default void writable() {}

        /** The session is over. */
        default void closed() {}
    }

    private final Connection connection;
    private final Services services;
    private final Limits limits;
    private final CommandInput input = new CommandInput(this::gate);
    private final Encoder out = new Encoder();
    private State state = State.NOT_AUTHENTICATED;
    private Account account;
    private SelectedMailbox selected;
    private Continuation continuation;
    private String tag;
    private boolean streaming;
    private boolean busy;
    private boolean startingTls;
    private boolean leaving;
    private int badCommands;
    private int loginFailures;

    public ImapSession(Connection connection, Services services, Limits limits) {
        this.connection = connection;
        this.services = services;
        this.limits = limits;
    }

    // What commands use.

    public Connection connection() {
        return connection;
    }

    public Mailboxes mailboxes() {
        return services.mailboxes();
    }

    public Authenticator authenticator() {
        return services.authenticator();
    }

    public Registry registry() {
        return services.registry();
    }

    public Limits limits() {
        return limits;
    }

    public State state() {
        return state;
    }

    /** The account's name, once authenticated. */
    public String account() {
        return account.name();
    }

    /** The selected mailbox; there is one in the state SELECTED. */
    public SelectedMailbox selected() {
        return selected;
    }

    /** The tag of the command at hand. */
    public String tag() {
        return tag;
    }

    /** How the authenticator sees this client. */
    public Authenticator.Client client() {
        return new Authenticator.Client(connection.id(), "imap", connection.remote(), connection.secure());
    }

    /** Output, which goes out when the command ends or when there is much of it. */
    public Encoder out() {
        if (out.length() > FLUSH) {
            flush();
        }
        return out;
    }

    /** Sends what was written so far. */
    public void flush() {
        if (out.length() > 0) {
            connection.write(out.take());
        }
    }

    /** The client is known from now on. */
    public void authenticated(Account who, String how) {
        account = who;
        state = State.AUTHENTICATED;
        connection.idleTimeout(limits.idleTimeout());
        log.info(
                "imap login session={} account={} mechanism={} tls={}",
                connection.id(),
                who.name(),
                how,
                connection.secure());
    }

    /** A login was refused. */
    public void loginFailed(String how, String reason) {
        log.info("imap login refused session={} mechanism={} reason={}", connection.id(), how, reason);
        if (++loginFailures >= limits.loginFailures()) {
            leaving = true;
        }
    }

    /** Selects a mailbox in place of the one before. */
    public void select(SelectedMailbox mailbox) {
        selected = mailbox;
        state = State.SELECTED;
    }

    /** Leaves the selected mailbox, if there is one. */
    public void unselect() {
        if (selected != null) {
            selected.close();
            selected = null;
            state = State.AUTHENTICATED;
        }
    }

    /** Asks the client for lines that are no commands. */
    public Response await(Continuation lines, String text) {
        continuation = lines;
        out.raw("+ ").raw(text).crlf();
        flush();
        return Response.LATER;
    }

    /** Ends a continuation. */
    public void resumeCommands() {
        continuation = null;
    }

    /** Sends output that is made while it is sent; it writes the command's end itself, by {@link #end}. */
    public Response stream(LazyOutput source) {
        flush();
        streaming = true;
        source.whenDone(() -> streaming = false);
        connection.write(source);
        return Response.LATER;
    }

    /** Does long work apart from the threads of connections, and then goes on in order. */
    public <T> Response background(Updates updates, Supplier<T> work, Function<T, Response> then) {
        String of = tag;
        busy = true;
        connection.pause();
        try {
            services.background().execute(() -> {
                Supplier<Response> end;
                try {
                    T result = work.get();
                    end = () -> then.apply(result);
                } catch (RuntimeException e) {
                    end = () -> {
                        throw e;
                    };
                }
                Supplier<Response> last = end;
                connection.execute(() -> {
                    busy = false;
                    tag = of;
                    Response response = guarded(last);
                    if (response != Response.LATER) {
                        finish(of, response, updates);
                    } else if (leaving) {
                        bye("[UNAVAILABLE] Going down");
                    }
                    connection.resume();
                });
            });
        } catch (RejectedExecutionException e) {
            busy = false;
            connection.resume();
            return Response.no("LIMIT", "Too much work at a time, try again");
        }
        return Response.LATER;
    }

    /** Starts TLS after what was written. */
    public void startTls() {
        startingTls = true;
    }

    /** Says goodbye and closes. */
    public void bye(String text) {
        if (state != State.LOGOUT) {
            out.raw("* BYE ").raw(text).crlf();
            close();
        }
    }

    /** Closes after what was written. */
    public void close() {
        state = State.LOGOUT;
        flush();
        connection.close();
    }

    /** Writes the end of a command with what may be told before it. */
    public void end(Encoder into, String of, Response response, Updates updates) {
        if (selected != null && updates != Updates.NONE && response.status() != Response.Status.BAD) {
            if (gone()) {
                into.raw("* BYE [NONEXISTENT] The selected mailbox was deleted").crlf();
                close();
                return;
            }
            try {
                selected.sync(into, updates);
            } catch (StoreException e) {
                log.warn("imap update failed session={} reason={}", connection.id(), e.getMessage());
            }
        }
        into.raw(of).raw(' ').raw(response.toString()).crlf();
    }

    /** Whether the selected mailbox was deleted by another session. */
    public boolean gone() {
        return selected != null && selected.mailbox().deleted();
    }

    /** Runs what may fail in the known ways, and tells how it failed. */
    public Response guarded(Supplier<Response> work) {
        try {
            return work.get();
        } catch (SyntaxException e) {
            return Response.bad(e.getMessage());
        } catch (CommandException e) {
            return e.response();
        } catch (StoreException e) {
            return failure(e);
        } catch (IllegalArgumentException e) {
            // A limit of the mailboxes, such as how many keywords there may be.
            log.debug("imap command refused session={} reason={}", connection.id(), e.getMessage());
            return Response.no("LIMIT", "Beyond a limit of this server");
        } catch (RuntimeException e) {
            log.error("imap command failed session={}", connection.id(), e);
            return Response.no("SERVERBUG", "Internal error");
        }
    }

    /** A store's failure in the words of RFC 5530. */
    public Response failure(StoreException e) {
        switch (e.kind()) {
            case NOT_FOUND:
                return Response.no("NONEXISTENT", "No such mailbox");
            case EXISTS:
                return Response.no("ALREADYEXISTS", "There is a mailbox of that name");
            case NO_SPACE:
                return Response.no("OVERQUOTA", "No space left");
            default:
                log.warn("imap store failed session={} kind={} reason={}", connection.id(), e.kind(), e.getMessage());
                return e.kind() == StoreException.Kind.DAMAGED
                        ? Response.no("CORRUPTION", "What was stored cannot be read")
                        : Response.no("UNAVAILABLE", "The store does not answer, try again");
        }
    }

    // What the transport calls.

    @Override
    public void opened() {
        connection.idleTimeout(limits.loginTimeout());
        out.raw("* OK [CAPABILITY ").raw(registry().capabilities(this)).raw("] ");
        out.raw(services.hostname()).raw(" Mailrack IMAP ready").crlf();
        flush();
    }

    @Override
    public void received(ByteBuffer octets) {
        while (ready()) {
            if (continuation != null) {
                continuation.writable();
            }
            if (!ready() || !octets.hasRemaining()) {
                return;
            }
            boolean known = state != State.NOT_AUTHENTICATED;
            CommandInput.Event event = input.feed(octets, known ? limits.line() : limits.lineBeforeLogin());
            switch (event) {
                case MORE -> {}
                case CONTINUE -> {
                    out.raw("+ Go on").crlf();
                    flush();
                }
                case REFUSED -> {
                    refused(input.refusal());
                    input.next();
                }
                case TOO_LONG -> {
                    readTag().ifPresent(t -> out.raw(t)
                            .raw(" BAD [TOOBIG] Line too long")
                            .crlf());
                    bye("Line too long");
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
        if (continuation == null) {
            finish(readTag().orElse("*"), refusal, Updates.NO_EXPUNGE);
        } else {
            continuation.closed();
            continuation = null;
            finish(tag, refusal, Updates.NONE);
        }
    }

    private boolean ready() {
        return state != State.LOGOUT && !busy && !streaming && !startingTls && connection.writable();
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
        if (continuation != null) {
            Continuation lines = continuation;
            Response response = guarded(() -> {
                lines.line(in);
                return Response.LATER;
            });
            if (response != Response.LATER) {
                continuation = null;
                finish(tag, response, Updates.NONE);
            }
            return;
        }
        Optional<String> read = readTag();
        if (read.isEmpty()) {
            finish("*", Response.bad("Tag expected"), Updates.NONE);
            return;
        }
        tag = in.tag();
        Command[] found = new Command[1];
        Response response = guarded(() -> {
            found[0] = find(in);
            if (!in.atEnd()) {
                in.space();
            }
            return found[0].run(this, in);
        });
        if (response != Response.LATER) {
            finish(tag, response, found[0] == null ? Updates.NONE : found[0].updates());
        }
    }

    private Command find(Decoder in) {
        in.space();
        String name = in.keyword();
        Command command = registry().find(name).orElseThrow(() -> CommandException.bad("Unknown command"));
        if (!command.states().contains(state)) {
            throw CommandException.bad(
                    switch (state) {
                        case NOT_AUTHENTICATED -> "Log in first";
                        case AUTHENTICATED -> "Select a mailbox first";
                        default -> "Not valid now";
                    });
        }
        return command;
    }

    /** Ends a command that ran here: tells what changed and its end. */
    public void finish(String of, Response response, Updates updates) {
        boolean bad = response.status() == Response.Status.BAD;
        badCommands = bad ? badCommands + 1 : 0;
        end(out, of, response, updates);
        int limit = state == State.NOT_AUTHENTICATED ? limits.badCommandsBeforeLogin() : limits.badCommands();
        if (badCommands >= limit) {
            log.info("imap client dropped session={} reason=too many bad commands", connection.id());
            bye("Too many bad commands");
        } else if (leaving) {
            bye(loginFailures >= limits.loginFailures() ? "Too many refused logins" : "[UNAVAILABLE] Going down");
        }
        flush();
        if (startingTls && state != State.LOGOUT) {
            connection.startTls();
        }
    }

    /** Decides on a literal before any of it is taken. */
    private LiteralSink gate(Decoder before, long size, int kept, boolean waits) {
        if (continuation != null) {
            throw CommandException.bad("No literal here");
        }
        boolean known = state != State.NOT_AUTHENTICATED;
        Optional<String> read = readTag();
        LiteralSink[] sink = new LiteralSink[1];
        if (known && read.isPresent()) {
            Response refused = guarded(() -> {
                before.tag();
                if (find(before) instanceof Command.WithStream command) {
                    before.space();
                    sink[0] = command.literal(this, before, size);
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
                bye("[TOOBIG] Literal too long");
            }
            throw CommandException.no("TOOBIG", "Literal too long");
        }
        return sink[0];
    }

    @Override
    public void secured() {
        startingTls = false;
        input.next();
    }

    @Override
    public void idle() {
        if (state == State.LOGOUT || busy || streaming) {
            return;
        }
        if (continuation == null || continuation.idle()) {
            bye("Autologout, idle for too long");
        }
    }

    @Override
    public void goodbye() {
        if (busy) {
            leaving = true;
        } else {
            bye("[UNAVAILABLE] The server goes down or restarts");
        }
    }

    @Override
    public void closed() {
        state = State.LOGOUT;
        if (continuation != null) {
            continuation.closed();
            continuation = null;
        }
        input.close();
        unselectAtEnd();
        if (account != null) {
            log.info("imap logout session={} account={}", connection.id(), account.name());
        }
    }

    private void unselectAtEnd() {
        if (selected != null) {
            selected.close();
            selected = null;
        }
    }
}
