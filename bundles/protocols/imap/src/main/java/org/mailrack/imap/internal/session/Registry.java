package org.mailrack.imap.internal.session;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The commands there are. What CAPABILITY says follows from them. */
public final class Registry {

    private final Map<String, Command> commands = new LinkedHashMap<>();

    public Registry(Collection<? extends Command> commands) {
        commands.forEach(c -> this.commands.put(c.name(), c));
    }

    /** Finds a command by its name in upper case. */
    public Optional<Command> find(String name) {
        return Optional.ofNullable(commands.get(name));
    }

    /** The capabilities of a session as things are, IMAP4rev1 first. */
    public String capabilities(ImapSession session) {
        Set<String> all = new LinkedHashSet<>(List.of("IMAP4rev1", "LITERAL+"));
        commands.values().forEach(c -> all.addAll(c.capabilities(session)));
        return String.join(" ", all);
    }
}
