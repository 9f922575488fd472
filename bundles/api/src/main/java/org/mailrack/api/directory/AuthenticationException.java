package org.mailrack.api.directory;

/** A client was not authenticated. The message is fit for the client. */
public class AuthenticationException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why not, as far as a client may know. */
    public enum Reason {
        /** Name or password is wrong: 535 5.7.8, [AUTHENTICATIONFAILED], [AUTH]. */
        FAILED,
        /** A password may not be sent as things are: 538 5.7.11, [PRIVACYREQUIRED]. */
        PRIVACY_REQUIRED,
        /** No such mechanism: 504 5.5.4. */
        UNSUPPORTED,
        /** The client's response cannot be decoded: 501 5.5.2. */
        MALFORMED,
        /** Too many failures, or the store does not answer: 454 4.7.0, [UNAVAILABLE], [SYS/TEMP]. */
        TEMPORARY
    }

    private final Reason reason;

    public AuthenticationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }
}
