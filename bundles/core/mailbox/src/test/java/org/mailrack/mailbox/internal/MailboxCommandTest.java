package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mailrack.mailbox.internal.Fixture.ALICE;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.MailAddress;

class MailboxCommandTest {

    private final Fixture rack = new Fixture();
    private final MailboxCommand command = new MailboxCommand(rack.mailboxes, new Directory() {
        @Override
        public String hostname() {
            return "crepes.fr";
        }

        @Override
        public boolean isLocal(String domain) {
            return true;
        }

        @Override
        public Optional<Account> account(MailAddress address) {
            return Optional.of(address.toString()).filter(ALICE::equals).map(Account::new);
        }

        @Override
        public List<MailAddress> alias(MailAddress address) {
            return List.of();
        }

        @Override
        public boolean accepts(MailAddress address) {
            return true;
        }
    });

    @Test
    void listTellsEachMailboxInOrder() {
        rack.append("INBOX", "four", "\\Seen");
        rack.append("INBOX", "four");
        assertThat(command.mailbox("list", "Alice@crepes.fr"))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .hasSize(6)
                .first()
                .satisfies(row -> {
                    assertThat(row.keySet().toString())
                            .isEqualTo("[name, messages, unseen, size, uidValidity, uidNext, modSeq]");
                    assertThat(row.toString()).startsWith("{name=INBOX, messages=2, unseen=1, size=8,");
                });
    }

    @Test
    void whatIsWrongIsSaidInASentence() {
        assertThatThrownBy(() -> command.mailbox("list", "nobody@crepes.fr"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no account nobody@crepes.fr.");
        assertThat(rack.store.mailboxes("nobody@crepes.fr")).isEmpty();
        assertThatThrownBy(() -> command.mailbox("list", "nonsense")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(command::mailbox)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("usage");
    }
}
