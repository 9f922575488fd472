package org.mailrack.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

    @ParameterizedTest(name = "RFC 5321 4.1.2 accepts {0}")
    @ValueSource(
            strings = {
                "bob@hamburger.edu",
                "a.b-c_d+tag@x.y",
                "!#$%&'*+-/=?^_`{|}~@example.org",
                "\"with space\"@example.org",
                "\"a@b\"@example.org",
                "\"quote\\\"d\"@example.org",
                "user@[192.0.2.1]",
                "user@[IPv6:2001:db8::1]",
                "postmaster@localhost",
                "jörg@bücher.example",
                "x@xn--bcher-kva.example"
            })
    void acceptsMailboxes(String text) {
        MailAddress address = MailAddress.parse(text);
        assertThat(MailAddress.parse(address.toString())).isEqualTo(address);
    }

    @ParameterizedTest(name = "RFC 5321 4.1.2 refuses [{0}]")
    @ValueSource(
            strings = {
                "",
                "@",
                "bob",
                "bob@",
                "@hamburger.edu",
                ".bob@x.org",
                "bob.@x.org",
                "b..ob@x.org",
                "bob@x..org",
                "bob@.x.org",
                "bob@x.org.",
                "bob@-x.org",
                "bob@x-.org",
                "bob@x.org>",
                "bob @x.org",
                "bob@x org",
                "bob@x.org\r\nRCPT TO:<eve@x.org>",
                "bo\nb@x.org",
                "bo\u0000b@x.org",
                "\"bo\rb\"@x.org",
                "\"bob@x.org",
                "\"bob\\\"@x.org",
                "\"bob\"x@x.org",
                "bob@[192.0.2.1",
                "bob@[]",
                "bob@[1.2]3]",
                "a@b@c.org",
                "a,b@c.org",
                "bob@x\u0085y.org",
                "bob@x\u2028y.org",
                "bob@x\u00a0y.org",
                "\ud800@x.org",
                "a:b@c.org"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> MailAddress.parse(text)).isInstanceOf(AddressException.class);
    }

    @Test
    void lengthsOfRfc5321Section4531() {
        assertThat(MailAddress.parse("a".repeat(64) + "@x.org").localPart()).hasSize(64);
        assertThatThrownBy(() -> MailAddress.parse("a".repeat(65) + "@x.org")).isInstanceOf(AddressException.class);
        assertThatThrownBy(() -> MailAddress.parse("a@" + "b".repeat(64) + ".org"))
                .isInstanceOf(AddressException.class);
        assertThatThrownBy(() -> MailAddress.parse("a@" + "b.".repeat(130) + "org"))
                .isInstanceOf(AddressException.class);
        assertThatThrownBy(() -> MailAddress.parse("ä".repeat(33) + "@x.org"))
                .as("the limit counts octets, not characters")
                .isInstanceOf(AddressException.class);
        assertThatThrownBy(() -> MailAddress.parse("\"".repeat(1_000_000))).isInstanceOf(AddressException.class);
    }

    @Test
    void unneededQuotesAndTheCaseOfTheDomainDoNotMakeAnotherAddress() {
        assertThat(MailAddress.parse("\"bob\"@X.Org")).isEqualTo(MailAddress.parse("bob@x.org"));
        assertThat(MailAddress.parse("\"b\\ob\"@x.org")).hasToString("bob@x.org");
        assertThat(MailAddress.parse("Bob@X.org").key()).isEqualTo("bob@x.org");
        assertThat(MailAddress.parse("\"a b\"@x.org")).hasToString("\"a b\"@x.org");
    }

    @Test
    void tellsWhetherSmtputf8IsNeeded() {
        assertThat(MailAddress.parse("bob@x.org").needsUtf8()).isFalse();
        assertThat(MailAddress.parse("jörg@x.org").needsUtf8()).isTrue();
        assertThat(MailAddress.parse("bob@bücher.example").needsUtf8()).isTrue();
    }

    @Test
    void theMessageOfARefusalDoesNotQuoteTheInput() {
        assertThatThrownBy(() -> MailAddress.parse("evil\u001b[2J@x.org"))
                .message()
                .doesNotContain("evil");
    }
}
