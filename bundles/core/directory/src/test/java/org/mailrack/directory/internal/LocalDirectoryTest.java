package org.mailrack.directory.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.directory.Account;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.StoreException;

class LocalDirectoryTest {

    private final Rig rig = new Rig().demo();

    private static MailAddress address(String text) {
        return MailAddress.parse(text);
    }

    @Test
    void knowsDomainsAccountsAndAliases() {
        rig.admin.setAlias(address("chef@hamburger.edu"), List.of(address("bob@hamburger.edu"), address("x@y.org")));
        assertThat(rig.directory.isLocal("hamburger.edu")).isTrue();
        assertThat(rig.directory.isLocal("pizza.it")).isFalse();
        assertThat(rig.directory.account(address("BOB@hamburger.EDU"))).contains(new Account("bob@hamburger.edu"));
        assertThat(rig.directory.account(address("chef@hamburger.edu"))).isEmpty();
        assertThat(rig.directory.alias(address("Chef@hamburger.edu")))
                .containsExactly(address("bob@hamburger.edu"), address("x@y.org"));
        assertThat(rig.directory.accepts(address("bob@hamburger.edu"))).isTrue();
        assertThat(rig.directory.accepts(address("chef@hamburger.edu"))).isTrue();
        assertThat(rig.directory.accepts(address("eve@hamburger.edu"))).isFalse();
        assertThat(rig.directory.accepts(address("bob@pizza.it"))).isFalse();
    }

    @Test
    void rfc5321Section451PostmasterIsThereInEveryLocalDomain() {
        assertThat(rig.directory.accepts(address("PostMaster@crepes.fr"))).isTrue();
        assertThat(rig.directory.accepts(address("postmaster@pizza.it"))).isFalse();
    }

    @Test
    void changesByOthersAreSeenAfterTheRefreshInterval() {
        rig.store.addDomain("pizza.it");
        assertThat(rig.directory.isLocal("pizza.it")).isFalse();
        rig.passSeconds(60);
        assertThat(rig.directory.isLocal("pizza.it")).isTrue();
    }

    @Test
    void removedIsGoneAtOnce() {
        assertThatThrownBy(() -> rig.admin.removeDomain("crepes.fr"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 account");
        rig.admin.setAlias(address("a@crepes.fr"), List.of(address("x@y.org")));
        rig.admin.removeAccount(address("alice@crepes.fr"));
        assertThat(rig.directory.accepts(address("alice@crepes.fr"))).isFalse();
        rig.admin.removeDomain("Crepes.FR");
        assertThat(rig.directory.isLocal("crepes.fr")).isFalse();
        assertThat(rig.directory.alias(address("a@crepes.fr"))).isEmpty();
        assertThat(rig.admin.domains()).containsExactly("hamburger.edu");
        assertThat(rig.admin.accounts()).containsExactly(new Account("bob@hamburger.edu"));
    }

    @Test
    void whatCannotBeDoneIsSaidInASentence() {
        assertThatThrownBy(() -> rig.admin.addDomain("crepes.fr")).hasMessage("domain crepes.fr is there already");
        assertThatThrownBy(() -> rig.admin.addDomain("no domain")).hasMessageStartingWith("not a domain name");
        assertThatThrownBy(() -> rig.admin.addDomain("[127.0.0.1]")).hasMessageStartingWith("not a domain name");
        assertThatThrownBy(() -> rig.admin.removeDomain("pizza.it")).hasMessage("there is no domain pizza.it");
        assertThatThrownBy(() -> rig.add("bob@hamburger.edu", "x"))
                .hasMessage("account bob@hamburger.edu is there already");
        assertThatThrownBy(() -> rig.add("bob@pizza.it", "x")).hasMessage("pizza.it is no local domain: add it first");
        assertThatThrownBy(() -> rig.add("eve@crepes.fr", "")).hasMessageContaining("1 to 1024 octets");
        assertThatThrownBy(() -> rig.admin.removeAccount(address("eve@crepes.fr")))
                .hasMessage("there is no account eve@crepes.fr");
        assertThatThrownBy(() -> rig.admin.setPassword(address("eve@crepes.fr"), "x".toCharArray()))
                .hasMessage("there is no account eve@crepes.fr");
        assertThatThrownBy(() -> rig.admin.setAlias(address("bob@hamburger.edu"), List.of(address("x@y.org"))))
                .hasMessageContaining("is an account");
        assertThatThrownBy(() -> rig.admin.setAlias(address("q@hamburger.edu"), List.of()))
                .hasMessage("there is no alias q@hamburger.edu");
    }

    @Test
    void aliasesDoNotRunInCircles() {
        rig.admin.setAlias(address("a@crepes.fr"), List.of(address("b@crepes.fr")));
        rig.admin.setAlias(address("b@crepes.fr"), List.of(address("c@crepes.fr")));
        assertThatThrownBy(() -> rig.admin.setAlias(address("c@crepes.fr"), List.of(address("A@crepes.fr"))))
                .hasMessageContaining("back to itself");
        rig.admin.setAlias(address("b@crepes.fr"), List.of());
        rig.admin.setAlias(address("c@crepes.fr"), List.of(address("a@crepes.fr")));
    }

    @Test
    void mailboxesGoWithTheirAccountAndAFailureLeavesBoth() {
        List<String> calls = new ArrayList<>();
        List<RuntimeException> failure = new ArrayList<>();
        rig.mailboxes = (Mailboxes) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Mailboxes.class}, (proxy, method, args) -> {
                    if (!failure.isEmpty()) {
                        throw failure.get(0);
                    }
                    calls.add(method.getName() + " " + args[0]);
                    return null;
                });
        failure.add(new StoreException(StoreException.Kind.UNAVAILABLE, "stopping"));
        assertThatThrownBy(() -> rig.admin.removeAccount(address("bob@hamburger.edu")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stopping");
        assertThat(rig.directory.accepts(address("bob@hamburger.edu"))).isTrue();
        failure.clear();
        rig.admin.removeAccount(address("bob@hamburger.edu"));
        assertThat(calls).isNotEmpty().containsOnly("deleteAccount bob@hamburger.edu");
    }

    @Test
    void domainsOfTheFirstStartAreTakenOverOnce(@TempDir Path data) throws Exception {
        Path file = data.resolve("bootstrap-domains");
        Files.writeString(file, "crepes.fr\n\n# comment\npizza.it\npizza.it\n");
        Bootstrap.importDomains(file, rig.admin);
        assertThat(rig.admin.domains()).containsExactly("crepes.fr", "hamburger.edu", "pizza.it");
        assertThat(file).doesNotExist();
        Bootstrap.importDomains(file, rig.admin);

        Files.writeString(file, "no domain\n");
        assertThatThrownBy(() -> Bootstrap.importDomains(file, rig.admin)).hasMessageContaining("bootstrap-domains");
        assertThat(file).exists();
    }

    @Test
    void failureTableIsBounded() {
        FailureTable table = new FailureTable(new FailureTable.Limits(1, 1, 10, 60, 3), () -> 0);
        for (int i = 0; i < 100; i++) {
            table.failed("key" + i);
        }
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.refuses("key99")).isTrue();
        assertThat(table.refuses("key0")).isFalse();
    }

    @Test
    void componentServesOneMemory() throws Exception {
        DirectoryComponent component = new DirectoryComponent(rig.store, rig.settings);
        component.addDomain("pizza.it");
        component.addAccount(address("lena@pizza.it"), "basil".toCharArray());
        assertThat(component.accepts(address("lena@pizza.it"))).isTrue();
        assertThat(component
                        .password("lena", "basil".toCharArray(), Rig.tls("192.0.2.1"))
                        .name())
                .isEqualTo("lena@pizza.it");
        assertThat(component.hostname()).isEqualTo("hamburger.edu");
        component.modified(Rig.config(Map.of("hostname", "mx.pizza.it", "plaintext_loopback", true)));
        assertThat(component.hostname()).isEqualTo("mx.pizza.it");
        assertThat(component.allowsPlaintext(Rig.plain("127.0.0.1"))).isTrue();
    }
}
