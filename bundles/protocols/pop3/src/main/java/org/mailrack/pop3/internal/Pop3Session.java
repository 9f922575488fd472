package org.mailrack.pop3.internal;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Session;
import org.mailrack.api.store.StoreException;

/** One client's session: the states of RFC 1939 and what the commands share. */
final class Pop3Session implements Session {

    private static final Logger log = LoggerFactory.getLogger(Pop3Session.class);

    private final Connection connection;
    private final Services services;
    private final LineReader lines;

    private String user;
    private boolean utf8;
    private SaslDialog dialog;
    private Account account;
    private Maildrop maildrop;
    private Registration lock = () -> {};

    private int errors;
    private int loginFailures;
    /** A password is being checked on another thread. */
    private boolean busy;

    private boolean handshaking;
    private boolean leaving;
    private boolean ended;

    Pop3Session(Connection connection, Services services) {
        this.connection = connection;
        this.services = services;
        this.lines = new LineReader(
                services.settings().maxLine(), services.settings().maxAuthLine());
    }

    // What the transport calls

    @Override
    public void opened() {
        connection.idleTimeout(services.settings().idleTimeout());
        // No angle brackets here: they would offer APOP.
        ok(services.directory().hostname() + " POP3 server ready");
    }

    @Override
    public void received(ByteBuffer input) {
        while (!ended && !busy && !handshaking && connection.writable()) {
            Optional<LineReader.Line> line = lines.next(input, dialog != null);
            if (line.isEmpty()) {
                return;
            }
            guarded(() -> handle(line.get()));
        }
    }

    @Override
    public void secured() {
        handshaking = false;
        // RFC 2595 section 4: nothing that was learned before TLS counts.
        user = null;
        dialog = null;
    }

    @Override
    public void idle() {
        // A client that takes a long message slowly says nothing meanwhile; one that takes nothing is the transport's
        // affair.
        if (!busy && !ended && connection.writable()) {
            // RFC 1939 section 3: without the UPDATE state, and without a response.
            end("no command in time");
        }
    }

    @Override
    public void goodbye() {
        if (busy) {
            leaving = true;
        } else if (!ended) {
            err("[SYS/TEMP] Server is going down, try again later");
            end("server goes down");
        }
    }

    @Override
    public void closed() {
        ended = true;
        abandon("connection lost");
    }

    // What the commands use

    Connection connection() {
        return connection;
    }

    Services services() {
        return services;
    }

    Authenticator.Client client() {
        return new Authenticator.Client(connection.id(), "pop3", connection.remote(), connection.secure());
    }

    boolean inTransaction() {
        return maildrop != null;
    }

    Maildrop maildrop() {
        return maildrop;
    }

    Optional<String> user() {
        return Optional.ofNullable(user);
    }

    void user(String name) {
        user = name;
    }

    boolean utf8() {
        return utf8;
    }

    void enableUtf8() {
        utf8 = true;
    }

    void dialog(SaslDialog begun) {
        dialog = begun;
    }

    void ok(String text) {
        connection.write(text.isEmpty() ? "+OK\r\n" : "+OK " + text + "\r\n");
    }

    void err(String text) {
        connection.write("-ERR " + text + "\r\n");
    }

    /** A command was malformed or out of place; the client may not go on so for ever. */
    void misused(String text) {
        errors++;
        if (errors >= services.settings().maxErrors()) {
            err("Too many errors");
            end("too many errors");
        } else {
            err(text);
        }
    }

    void startTls() {
        handshaking = true;
        connection.startTls();
    }

    /** Does work on another thread, and then, in order with the session, what the work returns. */
    void aside(Supplier<Runnable> work) {
        busy = true;
        connection.pause();
        try {
            services.logins().execute(() -> {
                Runnable then;
                try {
                    then = work.get();
                } catch (RuntimeException e) {
                    then = () -> {
                        throw e;
                    };
                }
                Runnable result = then;
                connection.execute(() -> afterAside(result));
            });
        } catch (RejectedExecutionException e) {
            afterAside(() -> err("[SYS/TEMP] Too many logins, try again later"));
        }
    }

    private void afterAside(Runnable then) {
        busy = false;
        if (!ended) {
            guarded(then);
            if (leaving) {
                goodbye();
            }
            connection.resume();
        }
    }

    /** A login was refused. */
    void loginFailed(String reply) {
        dialog = null;
        user = null;
        loginFailures++;
        err(reply);
        if (loginFailures >= services.settings().maxLoginFailures()) {
            end("too many failed logins");
        }
    }

    /** The client is authenticated: enters the TRANSACTION state, if the maildrop is free. */
    void enter(Account authenticated) {
        dialog = null;
        user = null;
        Optional<Registration> acquired = services.locks().acquire(authenticated.name());
        if (acquired.isEmpty()) {
            log.info("maildrop in use session={} account={}", connection.id(), authenticated.name());
            err("[IN-USE] Another session has this maildrop");
            return;
        }
        lock = acquired.get();
        try {
            maildrop = new Maildrop(services.mailboxes().open(authenticated.name(), MailboxInfo.INBOX));
        } catch (RuntimeException e) {
            release();
            throw e;
        }
        account = authenticated;
        log.info(
                "maildrop opened session={} account={} messages={} octets={}",
                connection.id(),
                accountName(),
                maildrop.count(),
                maildrop.octets());
        ok("maildrop has " + maildrop.count() + " messages (" + maildrop.octets() + " octets)");
    }

    /** QUIT: the UPDATE state if there was a login, then the end. */
    void quit() {
        boolean updated = maildrop == null || update();
        // Before the answer, so that the client can log in again as soon as it has it.
        release();
        if (updated) {
            ok("POP3 server signing off");
        } else {
            err("[SYS/TEMP] Some deleted messages were not removed");
        }
        end("quit");
    }

    private boolean update() {
        boolean removed = true;
        try {
            maildrop.removeDeleted();
        } catch (StoreException e) {
            removed = false;
            log.warn(
                    "messages not removed session={} account={} reason={}",
                    connection.id(),
                    accountName(),
                    e.getMessage());
        }
        try {
            maildrop.markSeen();
        } catch (StoreException e) {
            log.warn(
                    "messages not marked as seen session={} account={} reason={}",
                    connection.id(),
                    accountName(),
                    e.getMessage());
        }
        log.info(
                "maildrop closed session={} account={} retrieved={} deleted={} left={}",
                connection.id(),
                accountName(),
                maildrop.retrievedCount(),
                removed ? maildrop.deletedCount() : 0,
                removed ? maildrop.count() : maildrop.size());
        return removed;
    }

    private void end(String reason) {
        ended = true;
        abandon(reason);
        connection.close();
    }

    /** Gives up a maildrop that QUIT did not: nothing is removed. */
    private void abandon(String reason) {
        if (maildrop != null) {
            log.info("maildrop left session={} account={} reason={}", connection.id(), accountName(), reason);
        }
        release();
    }

    private void release() {
        try {
            if (maildrop != null) {
                maildrop.close();
            }
        } finally {
            maildrop = null;
            lock.close();
        }
    }

    private String accountName() {
        return account == null ? "-" : account.name();
    }

    private void handle(LineReader.Line line) {
        if (line.tooLong()) {
            dialog = null;
            misused("Line too long");
        } else if (dialog != null) {
            dialog.respond(this, line.octets());
        } else {
            command(line.octets());
        }
    }

    private void command(byte[] octets) {
        Optional<CommandLine> line = CommandLine.parse(octets);
        Optional<Command> command = line.map(CommandLine::keyword).flatMap(Commands::find);
        if (command.isEmpty()) {
            misused("Unknown command");
            return;
        }
        Command.When when = command.get().when();
        if (when != Command.When.ALWAYS && inTransaction() != (when == Command.When.TRANSACTION)) {
            misused(inTransaction() ? "Command not possible after login" : "Command not possible before login");
            return;
        }
        try {
            command.get().run(this, line.get());
        } finally {
            line.get().wipe();
        }
    }

    /** Runs a command or the end of one; whatever fails in it is answered, and ends neither the session nor its thread. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (StoreException e) {
            if (e.passes()) {
                log.info(
                        "command refused session={} account={} reason={}",
                        connection.id(),
                        accountName(),
                        e.getMessage());
            } else {
                log.warn(
                        "command failed session={} account={} reason={}",
                        connection.id(),
                        accountName(),
                        e.getMessage());
            }
            err(
                    e.kind() == StoreException.Kind.DAMAGED
                            ? "[SYS/PERM] The message cannot be read"
                            : "[SYS/TEMP] The mail store failed, try again later");
        } catch (RuntimeException e) {
            log.error("command failed session={} account={}", connection.id(), accountName(), e);
            err("[SYS/TEMP] Internal error");
        }
    }
}
