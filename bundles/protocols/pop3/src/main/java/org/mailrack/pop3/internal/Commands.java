package org.mailrack.pop3.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All commands, by keyword. */
final class Commands {

    private static final Map<String, Command> ALL = List.of(
                    new AuthCommand(),
                    new CapaCommand(),
                    new DeleCommand(),
                    new LangCommand(),
                    new ListCommand(),
                    new NoopCommand(),
                    new PassCommand(),
                    new QuitCommand(),
                    new RetrCommand(),
                    new RsetCommand(),
                    new StatCommand(),
                    new StlsCommand(),
                    new TopCommand(),
                    new UidlCommand(),
                    new UserCommand(),
                    new Utf8Command())
            .stream()
            .collect(Collectors.toUnmodifiableMap(Command::keyword, Function.identity()));

    private Commands() {}

    static Optional<Command> find(String keyword) {
        return Optional.ofNullable(ALL.get(keyword));
    }
}
