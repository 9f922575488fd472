package org.mailrack.directory.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.AuthenticationException.Reason;
import org.mailrack.api.mail.MailAddress;

class LocalAuthenticatorTest {

    private static final String HUNGRY = "hungry";

    private static AuthenticationException refused(Rig rig, String name, String password) {
        return catchThrowableOfType(AuthenticationException.class, () -> rig.login(name, password));
    }

    @Test
    void rightPasswordGivesTheAccount() throws Exception {
        Rig rig = new Rig().demo();
        assertThat(rig.login("bob@hamburger.edu", HUNGRY)).isEqualTo("bob@hamburger.edu");
        assertThat(rig.login("BOB@Hamburger.EDU", HUNGRY)).isEqualTo("bob@hamburger.edu");
    }

    @Test
    void unknownAccountAndWrongPasswordGetTheSameAnswer() {
        Rig rig = new Rig().demo();
        AuthenticationException wrong = refused(rig, "bob@hamburger.edu", "thirsty");
        for (String name :
                new String[] {"eve@hamburger.edu", "eve@elsewhere.org", "eve", "", "not an address", "a@b@c"}) {
            AuthenticationException unknown = refused(rig, name, "thirsty");
            assertThat(unknown.reason()).isEqualTo(wrong.reason()).isEqualTo(Reason.FAILED);
            assertThat(unknown).hasMessage(wrong.getMessage());
        }
    }

    @Test
    void everyFailureCostsOneHashAndOneReading() {
        Rig rig = new Rig().demo();
        // All turns are taken: whoever would hash is turned away, and whoever would not gives himself away.
        rig.hasher.inTurn(() -> rig.hasher.inTurn(() -> {
            for (String name : new String[] {"bob@hamburger.edu", "eve@hamburger.edu", "eve", "", "a@b@c"}) {
                int reads = rig.store.credentialReads.get();
                assertThat(refused(rig, name, "thirsty").reason()).as(name).isEqualTo(Reason.TEMPORARY);
                assertThat(rig.store.credentialReads.get() - reads).as(name).isEqualTo(1);
            }
            assertThat(refused(rig, "bob@hamburger.edu", "").reason()).isEqualTo(Reason.TEMPORARY);
            assertThat(refused(rig, "bob@hamburger.edu", "x".repeat(2000)).reason())
                    .isEqualTo(Reason.TEMPORARY);
            return "";
        }));
    }

    @Test
    void repeatedLoginTakesNoTurn() throws Exception {
        Rig rig = new Rig().demo();
        rig.login("bob", HUNGRY);
        rig.hasher.inTurn(() -> rig.hasher.inTurn(() -> {
            assertThat(catchThrowableOfType(AuthenticationException.class, () -> rig.login("bob", HUNGRY)))
                    .isNull();
            assertThat(refused(rig, "bob", "thirsty").reason())
                    .as("a wrong password takes the long way")
                    .isEqualTo(Reason.TEMPORARY);
            rig.passSeconds(300);
            assertThat(refused(rig, "bob", HUNGRY).reason()).as("forgotten").isEqualTo(Reason.TEMPORARY);
            return "";
        }));
    }

    @Test
    void changedPasswordEndsTheOldOneAtOnce() throws Exception {
        Rig rig = new Rig().demo();
        rig.login("bob", HUNGRY);
        rig.admin.setPassword(MailAddress.parse("bob@hamburger.edu"), "full".toCharArray());
        assertThat(refused(rig, "bob", HUNGRY).reason()).isEqualTo(Reason.FAILED);
        assertThat(rig.login("bob", "full")).isEqualTo("bob@hamburger.edu");
        rig.admin.removeAccount(MailAddress.parse("bob@hamburger.edu"));
        assertThat(refused(rig, "bob@hamburger.edu", "full").reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void verifiersCanBeTurnedOff() throws Exception {
        Rig rig = new Rig(Map.of("verifier_lifetime", 0)).demo();
        rig.login("bob", HUNGRY);
        rig.hasher.inTurn(() -> rig.hasher.inTurn(() -> {
            assertThat(refused(rig, "bob", HUNGRY).reason()).isEqualTo(Reason.TEMPORARY);
            return "";
        }));
    }

    @Test
    void nameWithoutDomainIsLookedUpInTheDefaultDomain() throws Exception {
        Rig several = new Rig(Map.of("default_domain", "Crepes.fr")).demo();
        several.add("bob@crepes.fr", "other");
        assertThat(several.login("bob", "other")).isEqualTo("bob@crepes.fr");
        assertThat(refused(several, "bob", HUNGRY).reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void nameWithoutDomainIsLookedUpInTheOnlyDomainOrWhereItIsUnique() throws Exception {
        Rig rig = new Rig();
        rig.admin.addDomain("hamburger.edu");
        rig.add("bob@hamburger.edu", HUNGRY);
        assertThat(rig.login("bob", HUNGRY)).isEqualTo("bob@hamburger.edu");
        rig.admin.addDomain("crepes.fr");
        assertThat(rig.login("Bob", HUNGRY)).isEqualTo("bob@hamburger.edu");
        rig.add("bob@crepes.fr", "other");
        assertThat(refused(rig, "bob", HUNGRY).reason()).isEqualTo(Reason.FAILED);
        assertThat(refused(rig, "bob", "other").reason()).isEqualTo(Reason.FAILED);
        rig.admin.removeAccount(MailAddress.parse("bob@crepes.fr"));
        assertThat(rig.login("bob", HUNGRY)).isEqualTo("bob@hamburger.edu");
    }

    @Test
    void passwordNeedsTlsOrLoopbackWhenTheSettingSaysSo() throws Exception {
        Rig strict = new Rig().demo();
        assertThat(strict.authenticator.allowsPlaintext(Rig.tls("192.0.2.1"))).isTrue();
        assertThat(strict.authenticator.allowsPlaintext(Rig.plain("127.0.0.1"))).isFalse();
        assertThat(strict.authenticator.mechanisms(Rig.plain("127.0.0.1"))).isEmpty();
        assertThatThrownBy(() -> strict.login("bob", HUNGRY, Rig.plain("127.0.0.1")))
                .isInstanceOfSatisfying(AuthenticationException.class, e -> assertThat(e.reason())
                        .isEqualTo(Reason.PRIVACY_REQUIRED));

        Rig demo = new Rig(Map.of("plaintext_loopback", true)).demo();
        assertThat(demo.login("bob", HUNGRY, Rig.plain("127.0.0.1"))).isEqualTo("bob@hamburger.edu");
        assertThat(demo.login("bob", HUNGRY, Rig.plain("::1"))).isEqualTo("bob@hamburger.edu");
        assertThat(demo.authenticator.allowsPlaintext(Rig.plain("192.0.2.1"))).isFalse();
        assertThat(demo.authenticator.mechanisms(Rig.plain("127.0.0.1"))).containsExactly("PLAIN", "LOGIN");
    }

    @Test
    void failuresOfOneClientWithOneNameAreRefusedForAGrowingTime() throws Exception {
        Rig rig = new Rig(Map.of("failure_limit", 3, "failure_delay", 2)).demo();
        for (int i = 0; i < 3; i++) {
            assertThat(refused(rig, "bob", "guess").reason()).isEqualTo(Reason.FAILED);
        }
        int reads = rig.store.credentialReads.get();
        assertThat(refused(rig, "bob", HUNGRY).reason()).isEqualTo(Reason.TEMPORARY);
        assertThat(refused(rig, "BOB@hamburger.edu", HUNGRY).reason())
                .as("the same account by another spelling")
                .isEqualTo(Reason.TEMPORARY);
        assertThat(rig.store.credentialReads.get())
                .as("nothing is checked meanwhile")
                .isEqualTo(reads);
        assertThat(rig.login("bob", HUNGRY, Rig.tls("192.0.2.2")))
                .as("another client is not locked out")
                .isEqualTo("bob@hamburger.edu");
        rig.passSeconds(2);
        assertThat(refused(rig, "bob", "guess").reason()).isEqualTo(Reason.FAILED);
        rig.passSeconds(2);
        assertThat(refused(rig, "bob", HUNGRY).reason()).as("now four seconds").isEqualTo(Reason.TEMPORARY);
        rig.passSeconds(2);
        assertThat(rig.login("bob", HUNGRY)).isEqualTo("bob@hamburger.edu");
        assertThat(refused(rig, "bob", "guess").reason()).as("counted anew").isEqualTo(Reason.FAILED);
        assertThat(rig.login("bob", HUNGRY)).isEqualTo("bob@hamburger.edu");
    }

    @Test
    void oneClientCannotTryOnePasswordOnManyNames() {
        Rig rig = new Rig(Map.of("failure_limit_client", 5)).demo();
        for (int i = 0; i < 5; i++) {
            assertThat(refused(rig, "user" + i, "123456").reason()).isEqualTo(Reason.FAILED);
        }
        assertThat(refused(rig, "bob", HUNGRY).reason()).isEqualTo(Reason.TEMPORARY);
    }

    @Test
    void aWholeIpv6NetworkIsOneClient() {
        assertThat(LocalAuthenticator.clientKey(new InetSocketAddress("2001:db8:1:2::1", 1)))
                .isEqualTo(LocalAuthenticator.clientKey(new InetSocketAddress("2001:db8:1:2:ffff::9", 2)))
                .isNotEqualTo(LocalAuthenticator.clientKey(new InetSocketAddress("2001:db8:1:3::1", 1)));
    }

    @Test
    void failingStoreIsTemporaryAndDamagedHashIsAFailure() {
        Rig rig = new Rig().demo();
        rig.store.setCredentials(
                "bob@hamburger.edu", Map.of("argon2id", "$argon2id$v=19$m=999999999,t=1,p=1$AAAA$AAAA"));
        assertThat(refused(rig, "bob", HUNGRY).reason()).isEqualTo(Reason.FAILED);
        rig.store.setCredentials("bob@hamburger.edu", Map.of("scram-sha-256", "x"));
        assertThat(refused(rig, "bob", HUNGRY).reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void passwordsAreComparedInOneNormalForm() throws Exception {
        Rig rig = new Rig().demo();
        rig.add("zoe@crepes.fr", "cr\u00eape\u00a0x");
        assertThat(rig.login("zoe", "cre\u0302pe x")).isEqualTo("zoe@crepes.fr");
        assertThat(refused(rig, "zoe", "CR\u00caPE X").reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void unsupportedMechanismIsSaidSo() {
        Rig rig = new Rig().demo();
        for (String name : new String[] {"CRAM-MD5", "plain", ""}) {
            assertThatThrownBy(() -> rig.authenticator.begin(name, Rig.tls("192.0.2.1")))
                    .isInstanceOfSatisfying(AuthenticationException.class, e -> assertThat(e.reason())
                            .isEqualTo(Reason.UNSUPPORTED));
        }
        assertThatThrownBy(() -> rig.authenticator.begin("PLAIN", Rig.plain("192.0.2.1")))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void namesCannotForgeLogLines() {
        assertThat(LogText.of("bob\r\nlogin session=x account=root")).isEqualTo("bob??login?session?x?account?root");
        assertThat(LogText.of("\u202eevil\u0085\u2028")).doesNotContain("\u202e", "\u0085", "\u2028");
        assertThat(LogText.of("x".repeat(1000))).hasSize(128);
    }

    @Test
    void settingsThatMakeNoSenseAreNamed() {
        assertThatThrownBy(() -> new Rig(Map.of("argon2_memory", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argon2.memory");
        assertThatThrownBy(() -> new Rig(Map.of("hash_wait", new NumberFormatException("x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hash.wait");
        assertThatThrownBy(() -> new Rig(Map.of("default_domain", "no domain")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("default.domain");
    }

    @Test
    void challengeIsOptionalTextOnly() throws Exception {
        Rig rig = new Rig().demo();
        var exchange = rig.authenticator.begin("PLAIN", Rig.tls("192.0.2.1"));
        assertThatThrownBy(exchange::account).isInstanceOf(IllegalStateException.class);
        assertThat(exchange.respond(Optional.empty()))
                .hasValueSatisfying(c -> assertThat(c).isEmpty());
        assertThat(exchange.respond(Optional.of("\0bob\0hungry".getBytes()))).isEmpty();
        assertThat(exchange.account().name()).isEqualTo("bob@hamburger.edu");
    }
}
