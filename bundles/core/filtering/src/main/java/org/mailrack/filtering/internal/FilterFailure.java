package org.mailrack.filtering.internal;

/** Why there is no verdict of a filter; the message is for the log. */
final class FilterFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 200;

    /** Whose fault it was. */
    enum Kind {
        /** The filter's: it counts against its budget. */
        ITS_OWN,
        /** More mail than calls, or no thread to be had. */
        BUSY,
        /** It is out. */
        OUT
    }

    private final Kind kind;

    FilterFailure(Kind kind, String message) {
        // Only the message is of use, and an error that a filter threw is not kept: it would hold the filter's classes.
        super(message, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /**
     * What a filter threw. To be called where the filter was: the methods of its exception are its own code, which may throw or
     * hang as well.
     */
    static FilterFailure threw(Throwable thrown) {
        String text;
        try {
            text = thrown.toString();
        } catch (Throwable t) {
            text = thrown.getClass().getName();
        }
        return new FilterFailure(Kind.ITS_OWN, "threw " + oneLine(String.valueOf(text)));
    }

    /** What a filter says may quote the mail: it shall not write log lines of its own. */
    private static String oneLine(String text) {
        String start = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
        return start.replaceAll("\\p{Cntrl}", " ").replace('"', '\'');
    }
}
