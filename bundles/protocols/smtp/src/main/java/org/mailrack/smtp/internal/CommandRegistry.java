package org.mailrack.smtp.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.mailrack.api.mail.Registration;

/** The commands there are. One that is added is there from the next line on, in all sessions, and so are its keywords. */
final class CommandRegistry {

    /** Commands that RFCs define and this server has no use for: 502 tells a client more than 500. */
    private static final Set<String> NOT_IMPLEMENTED =
            Set.of("EXPN", "ETRN", "ATRN", "TURN", "SEND", "SOML", "SAML", "BDAT", "BURL", "AUTH", "STARTTLS");

    /** No mail client says these first; a browser that was sent here does. */
    private static final Set<String> FOREIGN =
            Set.of("GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "CONNECT", "PATCH", "TRACE");

    private final Map<String, SmtpCommand> commands = new ConcurrentHashMap<>();

    /** The registry with the commands of this bundle. */
    static CommandRegistry standard() {
        CommandRegistry registry = new CommandRegistry();
        List.of(
                        new HeloCommand("HELO"),
                        new HeloCommand("EHLO"),
                        new HeloCommand("LHLO"),
                        new MailCommand(),
                        new RcptCommand(),
                        new DataCommand(),
                        new RsetCommand(),
                        new NoopCommand(),
                        new VrfyCommand(),
                        new HelpCommand(),
                        new QuitCommand(),
                        new StartTlsCommand(),
                        new AuthCommand())
                .forEach(registry::add);
        return registry;
    }

    /** Adds a command; the first of a verb stays. */
    Registration add(SmtpCommand command) {
        if (commands.putIfAbsent(command.verb(), command) != null) {
            throw new IllegalArgumentException("there is a command " + command.verb() + " already");
        }
        return () -> commands.remove(command.verb(), command);
    }

    /** Finds a command by its verb in upper case. */
    Optional<SmtpCommand> find(String verb, Flavor flavor) {
        return Optional.ofNullable(commands.get(verb)).filter(c -> c.serves(flavor));
    }

    /** All commands of a protocol, sorted by verb. */
    List<SmtpCommand> all(Flavor flavor) {
        return commands.values().stream()
                .filter(c -> c.serves(flavor))
                .sorted((a, b) -> a.verb().compareTo(b.verb()))
                .toList();
    }

    /** The answer to a verb that is not there. */
    static Step unknown(String verb) {
        if (FOREIGN.contains(verb)) {
            return Step.close(Replies.NOT_SMTP);
        }
        return Step.of(NOT_IMPLEMENTED.contains(verb) ? Replies.NOT_IMPLEMENTED : Replies.UNKNOWN_COMMAND);
    }
}
