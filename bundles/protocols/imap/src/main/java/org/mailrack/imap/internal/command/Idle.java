package org.mailrack.imap.internal.command;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.mailrack.api.mail.Registration;
import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.ImapSession;
import org.mailrack.imap.internal.session.Response;
import org.mailrack.imap.internal.session.SelectedMailbox;
import org.mailrack.imap.internal.session.State;

/** IDLE (RFC 2177). */
final class Idle implements Command {

    @Override
    public String name() {
        return "IDLE";
    }

    @Override
    public Set<State> states() {
        return State.KNOWN;
    }

    @Override
    public List<String> capabilities(ImapSession session) {
        return List.of("IDLE");
    }

    @Override
    public Response run(ImapSession session, Decoder in) {
        in.end();
        Idling idling = new Idling(session, session.tag());
        Response later = session.await(idling, "Idling");
        idling.begin();
        return later;
    }

    /** A client that waits for news, until it says DONE. */
    private static final class Idling implements ImapSession.Continuation {
        private final ImapSession session;
        private final String tag;
        private final AtomicBoolean news = new AtomicBoolean();
        private Registration listening = () -> {};
        private Duration quiet = Duration.ZERO;
        private boolean over;

        Idling(ImapSession session, String tag) {
            this.session = session;
            this.tag = tag;
        }

        void begin() {
            session.connection().idleTimeout(session.limits().keepalive());
            SelectedMailbox selected = session.selected();
            if (selected != null) {
                listening = selected.mailbox().listen(this::changed);
                tell();
            }
        }

        /** Called from any thread. Many changes before the session comes to tell them are told at once. */
        private void changed() {
            if (news.compareAndSet(false, true)) {
                session.connection().execute(this::tell);
            }
        }

        private void tell() {
            if (over || !session.connection().writable()) {
                return;
            }
            news.set(false);
            if (session.gone()) {
                session.bye("[NONEXISTENT] The selected mailbox was deleted");
                return;
            }
            session.guarded(() -> {
                session.selected().sync(session.out(), Updates.ALL);
                return Response.LATER;
            });
            session.flush();
        }

        @Override
        public void writable() {
            if (news.get()) {
                tell();
            }
        }

        @Override
        public void line(Decoder in) {
            session.resumeCommands();
            closed();
            session.connection().idleTimeout(session.limits().idleTimeout());
            boolean done = in.takeWord("DONE") && in.atEnd();
            session.finish(tag, done ? Response.ok("IDLE completed") : Response.bad("DONE expected"), Updates.ALL);
        }

        @Override
        public boolean idle() {
            quiet = quiet.plus(session.limits().keepalive());
            if (quiet.compareTo(session.limits().idleTimeout()) >= 0) {
                return true;
            }
            // Keeps address translators from forgetting the connection, and finds out when the client is gone.
            session.out().raw("* OK Still here").crlf();
            session.flush();
            return false;
        }

        @Override
        public void closed() {
            over = true;
            listening.close();
        }
    }
}
