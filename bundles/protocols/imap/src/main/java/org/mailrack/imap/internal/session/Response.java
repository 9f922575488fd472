package org.mailrack.imap.internal.session;

/**
 * The tagged end of a command (RFC 3501 section 7.1).
 *
 * @param status how it ended
 * @param code the response code without brackets, or empty
 * @param text what a person may read
 */
public record Response(Status status, String code, String text) {

    /** The end comes later: the command still writes, waits for input, or works elsewhere. */
    public static final Response LATER = new Response(Status.OK, "", "");

    /** How a command ended. */
    public enum Status {
        OK,
        NO,
        BAD
    }

    public static Response ok(String text) {
        return new Response(Status.OK, "", text);
    }

    public static Response ok(String code, String text) {
        return new Response(Status.OK, code, text);
    }

    public static Response no(String code, String text) {
        return new Response(Status.NO, code, text);
    }

    public static Response bad(String text) {
        return new Response(Status.BAD, "", text);
    }

    /** The response as it is written after the tag. */
    @Override
    public String toString() {
        return status + " " + (code.isEmpty() ? "" : '[' + code + "] ") + text;
    }
}
