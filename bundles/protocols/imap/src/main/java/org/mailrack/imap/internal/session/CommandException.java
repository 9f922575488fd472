package org.mailrack.imap.internal.session;

/** Ends a command with a response other than OK. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Response response;

    public CommandException(Response response) {
        super(response.toString(), null, false, false);
        this.response = response;
    }

    /** A NO with a code. */
    public static CommandException no(String code, String text) {
        return new CommandException(Response.no(code, text));
    }

    /** A BAD. */
    public static CommandException bad(String text) {
        return new CommandException(Response.bad(text));
    }

    public Response response() {
        return response;
    }
}
