package org.mailrack.smtp.internal;

import java.util.function.Consumer;

/** One command. It knows the {@link Dialog} and its services, and nothing of sockets. Called by several threads at once. */
interface SmtpCommand {

    /** Its verb in upper case. */
    String verb();

    /** Whether it belongs to that protocol. */
    default boolean serves(Flavor flavor) {
        return true;
    }

    /**
     * Carries the command out.
     *
     * @param argument what came after the verb, without the white space around; empty when nothing did
     */
    Step execute(Dialog dialog, String argument);

    /** Gives the keywords that EHLO shows for it as things are. */
    default void keywords(Dialog dialog, Consumer<String> to) {}
}
