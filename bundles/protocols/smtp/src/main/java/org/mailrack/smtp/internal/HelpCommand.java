package org.mailrack.smtp.internal;

import java.util.List;
import java.util.stream.Collectors;

/** HELP (RFC 5321 section 4.1.1.8): which commands there are. */
final class HelpCommand implements SmtpCommand {

    @Override
    public String verb() {
        return "HELP";
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        String verbs = dialog.services().commands().all(dialog.flavor()).stream()
                .map(SmtpCommand::verb)
                .collect(Collectors.joining(" "));
        return Step.of(Reply.lines(214, "2.0.0", List.of("Commands:", verbs)));
    }
}
