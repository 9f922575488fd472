package org.mailrack.imap.internal.session;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.net.Connection;
import org.mailrack.api.store.StoreException;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.session.Command.Updates;

/** One client's session as its commands see it: its state, its output, and ways to answer later. Used in the session's turn. */
public final class ImapSession {

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

    ImapSession(Connection connection, Services services, Limits limits) {
        this.connection = connection;
        this.services = services;
        this.limits = limits;
    }

    public Connection connection() {
        return connection;
    }

    public Mailboxes mailboxes() {
        return services.mailboxes();
    }

    public Authenticator authenticator() {
        return services.authenticator();
    }

    /** Where messages are searched that must be read for it. */
    public Executor searches() {
        return services.searches();
    }

    /** Where passwords are hashed. */
    public Executor logins() {
        return services.logins();
    }

    public String hostname() {
        return services.hostname();
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
                "imap login session={} remote={} account={} mechanism={} tls={}",
                connection.id(),
                connection.remote().getAddress().getHostAddress(),
                who.name(),
                how,
                connection.secure());
    }

    /** A login was refused. */
    public void loginFailed(String how, String reason) {
        log.info(
                "imap login refused session={} remote={} mechanism={} reason={}",
                connection.id(),
                connection.remote().getAddress().getHostAddress(),
                how,
                reason);
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
    public <T> Response background(Executor where, Updates updates, Supplier<T> work, Function<T, Response> then) {
        String of = tag;
        busy = true;
        connection.pause();
        try {
            where.execute(() -> {
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
        return Failures.guarded(connection.id(), work);
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

    // What the loop needs beside.

    /** Whether the next command can begin. */
    boolean ready() {
        return state != State.LOGOUT && !busy && !streaming && !startingTls && connection.writable();
    }

    /** Whether the end of a command is still to come from elsewhere. */
    boolean working() {
        return busy || streaming;
    }

    /** A command begins. */
    void begin(String itsTag) {
        tag = itsTag;
    }

    Continuation continuation() {
        return continuation;
    }

    void secured() {
        startingTls = false;
    }

    void goodbye() {
        if (busy) {
            leaving = true;
        } else {
            bye("[UNAVAILABLE] The server goes down or restarts");
        }
    }

    void closed() {
        state = State.LOGOUT;
        if (continuation != null) {
            continuation.closed();
            continuation = null;
        }
        if (selected != null) {
            selected.close();
            selected = null;
        }
        if (account != null) {
            log.info("imap logout session={} account={}", connection.id(), account.name());
        }
    }
}
