package org.mailrack.directory.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    private final Rig rig = new Rig();
    private final DomainCommand domain = new DomainCommand(rig.admin);
    private final UserCommand user = new UserCommand(rig.admin, rig.admin::aliases);

    private static CommandSession typing(String input) {
        ByteArrayInputStream keyboard = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return (CommandSession) Proxy.newProxyInstance(
                CommandsTest.class.getClassLoader(), new Class<?>[] {CommandSession.class}, (proxy, method, args) -> {
                    assertThat(method.getName()).isEqualTo("getKeyboard");
                    return keyboard;
                });
    }

    private Object user(String line) {
        return user.user(typing(""), line.split(" "));
    }

    @Test
    void domainsAreAddedListedAndRemoved() {
        assertThat(domain.domain("add", "hamburger.edu", "crepes.fr")).isEqualTo("added hamburger.edu crepes.fr");
        assertThat(domain.domain("list"))
                .isEqualTo(List.of(Map.of("domain", "crepes.fr"), Map.of("domain", "hamburger.edu")));
        assertThat(domain.domain("remove", "crepes.fr")).isEqualTo("removed crepes.fr");
        assertThat(domain.domain("list")).isEqualTo(List.of(Map.of("domain", "hamburger.edu")));
    }

    @Test
    void userGetsAGeneratedPasswordOrOneFromTheStandardInput() throws Exception {
        domain.domain("add", "hamburger.edu");
        String told = (String) user("add bob@hamburger.edu");
        assertThat(told).startsWith("added bob@hamburger.edu, password: ");
        String password = told.substring(told.lastIndexOf(' ') + 1);
        assertThat(rig.login("bob", password)).isEqualTo("bob@hamburger.edu");

        for (String end : List.of("", "\n", "\r\n", "\nmore")) {
            assertThat(user.user(typing("two words" + end), "passwd", "bob@hamburger.edu", "--password-stdin"))
                    .isEqualTo("changed the password of bob@hamburger.edu");
            assertThat(rig.login("bob", "two words")).isEqualTo("bob@hamburger.edu");
        }
        assertThat(user.user(typing("pancake\n"), "add", "--password-stdin", "alice@hamburger.edu"))
                .isEqualTo("added alice@hamburger.edu");
        assertThat(user("list"))
                .isEqualTo(List.of(Map.of("address", "alice@hamburger.edu"), Map.of("address", "bob@hamburger.edu")));
        assertThat(user("remove bob@hamburger.edu")).isEqualTo("removed bob@hamburger.edu");
        assertThat(user("list")).isEqualTo(List.of(Map.of("address", "alice@hamburger.edu")));
    }

    @Test
    void severalUsersAreAddedAtOnceWithAPasswordALine() throws Exception {
        domain.domain("add", "hamburger.edu");
        assertThat(user.user(
                        typing("pancake\ncrepe\n"),
                        "add",
                        "alice@hamburger.edu",
                        "bob@hamburger.edu",
                        "--password-stdin"))
                .isEqualTo("added alice@hamburger.edu\nadded bob@hamburger.edu");
        assertThat(rig.login("alice", "pancake")).isEqualTo("alice@hamburger.edu");
        assertThat(rig.login("bob", "crepe")).isEqualTo("bob@hamburger.edu");

        String told = (String) user("add carol@hamburger.edu dave@hamburger.edu");
        assertThat(told.lines().map(line -> line.substring(0, line.lastIndexOf(' '))))
                .containsExactly("added carol@hamburger.edu, password:", "added dave@hamburger.edu, password:");
    }

    @Test
    void addressThatIsNoneKeepsAllFromBeingAdded() {
        domain.domain("add", "hamburger.edu");
        assertThatThrownBy(() -> user("add alice@hamburger.edu bob")).hasMessageStartingWith("not a mail address: bob");
        assertThat(user("list")).isEqualTo(List.of());
    }

    @Test
    void noPasswordOnTheStandardInputIsSaidSo() {
        domain.domain("add", "hamburger.edu");
        for (String input : List.of("", "\n", "x".repeat(5000))) {
            assertThatThrownBy(() -> user.user(typing(input), "add", "bob@hamburger.edu", "--password-stdin"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aliasesAreSetListedAndRemoved() {
        domain.domain("add", "hamburger.edu");
        user("alias chef@hamburger.edu bob@hamburger.edu x@y.org");
        assertThat(user("aliases"))
                .isEqualTo(List.of(
                        Map.of("alias", "chef@hamburger.edu", "targets", List.of("bob@hamburger.edu", "x@y.org"))));
        user("unalias chef@hamburger.edu");
        assertThat(user("aliases")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frob",
                "add",
                "add --password-stdin",
                "passwd a@b.org c@d.org",
                "list x",
                "list --password-stdin",
                "remove",
                "alias a@b.org",
                "passwd"
            })
    void wrongUseIsToldHow(String line) {
        assertThatThrownBy(() -> user(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("usage: user");
        assertThatThrownBy(() -> domain.domain(line.split(" "))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressThatIsNoneIsToldSo() {
        assertThatThrownBy(() -> user("add bob")).hasMessageStartingWith("not a mail address: bob");
    }
}
