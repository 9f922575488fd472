package org.mailrack.imap.internal.session;

import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.StoreException;
import org.mailrack.imap.internal.codec.SyntaxException;

/** How a command that failed is answered (RFC 5530). Clients get general words; the log has the reason. */
public final class Failures {

    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Runs what may fail in the known ways, and tells how it failed. */
    public static Response guarded(String session, Supplier<Response> work) {
        try {
            return work.get();
        } catch (SyntaxException e) {
            return Response.bad(e.getMessage());
        } catch (CommandException e) {
            return e.response();
        } catch (StoreException e) {
            return response(session, e);
        } catch (IllegalArgumentException e) {
            // A limit of the mailboxes, such as how many keywords there may be.
            log.debug("imap command refused session={} reason={}", session, e.getMessage());
            return Response.no("LIMIT", "Beyond a limit of this server");
        } catch (RuntimeException e) {
            log.error("imap command failed session={}", session, e);
            return Response.no("SERVERBUG", "Internal error");
        }
    }

    /** A store's failure. */
    public static Response response(String session, StoreException e) {
        return switch (e.kind()) {
            case NOT_FOUND -> Response.no("NONEXISTENT", "No such mailbox");
            case EXISTS -> Response.no("ALREADYEXISTS", "There is a mailbox of that name");
            case NO_SPACE -> {
                refused(session, e);
                yield Response.no("OVERQUOTA", "No space left");
            }
            case UNAVAILABLE -> {
                refused(session, e);
                yield Response.no("UNAVAILABLE", "The store does not answer, try again");
            }
            case DAMAGED -> {
                log.warn("imap command failed session={} kind={} reason={}", session, e.kind(), e.getMessage());
                yield Response.no("CORRUPTION", "What was stored cannot be read");
            }
        };
    }

    private static void refused(String session, StoreException e) {
        log.info("imap command refused session={} kind={} reason={}", session, e.kind(), e.getMessage());
    }
}
