package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.mailbox.MessageEnvelope;
import org.mailrack.api.mailbox.MimePart;

class MimeScannerTest {

    private static MimePart scan(String message) {
        return scan(message, MimeLimits.DEFAULTS);
    }

    private static MimePart scan(String message, MimeLimits limits) {
        try {
            byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
            MimePart root = MimeScanner.scan(new ByteArrayInputStream(octets), limits);
            assertThat(MimeParts.broken(root, octets.length)).isEmpty();
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    private static String body(String message, MimePart part) {
        return message.substring((int) part.bodyStart(), (int) part.end());
    }

    /** The tree as text, such as {@code mixed(plain html)}. */
    private static String shape(MimePart part) {
        return part.subtype()
                + (part.children().isEmpty()
                        ? ""
                        : "("
                                + String.join(
                                        " ",
                                        part.children().stream()
                                                .map(MimeScannerTest::shape)
                                                .toList()) + ")");
    }

    @Test
    void aPlainMessageIsOneTextPart() {
        String message = crlf("Subject: hi\nFrom: a@b\n\nline one\nline two\n");
        MimePart root = scan(message);
        assertThat(body(message, root)).isEqualTo("line one\r\nline two\r\n");
        assertThat(root.lines()).isEqualTo(2);
        assertThat(root.type() + "/" + root.subtype()).isEqualTo("text/plain");
        assertThat(root.encoding()).isEqualTo("7bit");
        assertThat(root.envelope().orElseThrow().subject()).contains("hi");
    }

    @Test
    void aMessageWithNoHeaderAtAllIsAllBody() {
        String message = crlf("Do you like ketchup?\nHow about pickles?\n");
        MimePart root = scan(message);
        assertThat(root.headerStart()).isZero();
        assertThat(root.bodyStart()).isZero();
        assertThat(body(message, root)).isEqualTo(message);
        assertThat(root.lines()).isEqualTo(2);
        assertThat(root.envelope().orElseThrow().subject()).isEmpty();
    }

    @Test
    void traceFieldsPutBeforeAMessageWithNoHeaderAreItsHeader() {
        String message =
                crlf("Return-Path: <alice@crepes.fr>\nReceived: by hamburger.edu;\n\tSun, 1 Jun 2025 12:00:00 +0000\n"
                        + "Do you like ketchup?\nHow about pickles?\n");
        assertThat(body(message, scan(message))).isEqualTo(crlf("Do you like ketchup?\nHow about pickles?\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Dear Bob: hello\r\n",
                " starts with space\r\n",
                ": no name\r\n",
                "n\u00e4me: not ASCII\r\n",
                "no colon",
                "\r\n",
                "To\u0001: control\r\n"
            })
    void whatIsNoFieldOfRfc5322Section2_2EndsTheHeader(String line) {
        String message = line + "To: x@y\r\n";
        MimePart root = scan(message);
        assertThat(root.envelope().orElseThrow().to()).isEmpty();
        assertThat(body(message, root)).isEqualTo(line.equals("\r\n") ? "To: x@y\r\n" : message);
    }

    @Test
    void whiteSpaceBeforeTheColonIsObsoleteButMeantRfc5322Section4_5() {
        assertThat(scan("Subject \t: hi\r\n\r\n").envelope().orElseThrow().subject())
                .contains("hi");
    }

    @Test
    void anMboxLineInFrontIsNotBody() {
        MimePart root = scan("From alice Sun Jun  1 12:00:00 2025\r\nSubject: hi\r\n\r\nbody");
        assertThat(root.envelope().orElseThrow().subject()).contains("hi");
        assertThat(root.size()).isEqualTo(4);
        assertThat(root.lines()).isEqualTo(1);
    }

    @Test
    void bareLfEndsLinesOfOldMail() {
        String message =
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n\n--b--\n";
        MimePart root = scan(message);
        assertThat(shape(root)).isEqualTo("mixed(plain html)");
        assertThat(body(message, root.children().get(0))).isEqualTo("one");
        assertThat(body(message, root.children().get(1))).isEqualTo("two\n");
        assertThat(root.children().get(1).lines()).isEqualTo(1);
    }

    private static final String NESTED = crlf("""
            Content-Type: multipart/mixed; boundary="outer"

            preamble
            --outer
            Content-Type: multipart/alternative; boundary=inner

            --inner

            plain
            --inner
            Content-Type: text/html

            <p>html
            --inner--
            epilogue of inner
            --outer
            Content-Type: message/rfc822

            Subject: embedded
            Content-Type: multipart/mixed; boundary=deep

            --deep
            Content-Type: image/png

            x
            --deep--

            --outer--
            epilogue
            """);

    @Test
    void partsAreWhereTheyAre() {
        MimePart root = scan(NESTED);
        assertThat(shape(root)).isEqualTo("mixed(alternative(plain html) rfc822(mixed(png)))");
        MimePart alternative = root.children().get(0);
        assertThat(body(NESTED, alternative.children().get(0))).isEqualTo("plain");
        assertThat(body(NESTED, alternative.children().get(1))).isEqualTo("<p>html");
        assertThat(body(NESTED, alternative)).startsWith("--inner\r\n").endsWith("epilogue of inner");
        MimePart rfc822 = root.children().get(1);
        assertThat(rfc822.isMessage()).isTrue();
        MimePart embedded = rfc822.children().get(0);
        assertThat(embedded.headerStart()).isEqualTo(rfc822.bodyStart());
        assertThat(embedded.end()).isEqualTo(rfc822.end());
        assertThat(embedded.envelope().orElseThrow().subject()).contains("embedded");
        assertThat(body(NESTED, rfc822)).startsWith("Subject: embedded").endsWith("--deep--\r\n");
        assertThat(rfc822.lines()).isEqualTo(8);
        assertThat(body(NESTED, embedded.children().get(0))).isEqualTo("x");
        assertThat(root.end()).isEqualTo(NESTED.length());
    }

    @Test
    void aMessageCutAnywhereIsReadAsFarAsItGoes() {
        for (int length = 0; length < NESTED.length(); length++) {
            MimePart root = scan(NESTED.substring(0, length));
            assertThat(root.end()).isEqualTo(length);
        }
    }

    @Test
    void aBoundaryThatBeginsLikeAnotherIsAnother() {
        String message =
                crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n"
                        + "--bb\n\none\n--bb\n\n--bbb is text\n--b-\n--bb--\n--b\n\nthree\n--b--\n");
        MimePart root = scan(message);
        assertThat(shape(root)).isEqualTo("mixed(mixed(plain plain) plain)");
        assertThat(body(message, root.children().get(0).children().get(1))).isEqualTo("--bbb is text\r\n--b-");
    }

    @Test
    void whiteSpaceAfterADelimiterIsTransportPaddingRfc2046Section5_1_1() {
        MimePart root = scan(crlf("Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\none\n--b-- \n"));
        assertThat(shape(root)).isEqualTo("mixed(plain)");
    }

    @Test
    void ofEqualBoundariesTheInnermostOpenCounts() {
        MimePart root = scan(
                crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/related; boundary=b\n\n"
                        + "--b\n\none\n--b--\n--b\nContent-Type: text/html\n\ntwo\n--b--\n"));
        assertThat(shape(root)).isEqualTo("mixed(related(plain) html)");
    }

    @Test
    void anOuterDelimiterEndsAllInside() {
        String message =
                crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n"
                        + "--c\nContent-Type: text/html\n--b\nSubject: x\n\ntwo");
        MimePart root = scan(message);
        assertThat(shape(root)).isEqualTo("mixed(mixed(html) plain)");
        assertThat(root.children().get(0).children().get(0).size()).isZero();
        assertThat(body(message, root.children().get(1))).isEqualTo("two");
    }

    @Test
    void emptyPartsAreParts() {
        String message = crlf(
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\n--b\n\n\n--b\nContent-Type: text/html\n\n--b--\n");
        MimePart root = scan(message);
        assertThat(shape(root)).isEqualTo("mixed(plain plain plain html)");
        assertThat(root.children()).allSatisfy(part -> assertThat(part.size()).isZero());
        assertThat(root.children()).extracting(MimePart::lines).containsOnly(0L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed",
                "multipart/mixed; boundary=\"\"",
                "multipart/mixed; boundary=nowhere",
                "multipart",
                "/",
                "",
                "text",
                ";boundary=b",
                "(comment) text/plain; boundary=b",
                "te\u0001xt/plain"
            })
    void aMultipartWithoutPartsOrABrokenTypeStaysReadableAsText(String type) {
        String message = crlf("Content-Type: " + type + "\n\n--b\n\none\n--b--\n");
        MimePart root = scan(message);
        assertThat(root.type() + "/" + root.subtype()).isEqualTo("text/plain");
        assertThat(root.children()).isEmpty();
        assertThat(root.lines()).isEqualTo(4);
    }

    @Test
    void inADigestAPartIsAMessageRfc2046Section5_1_5() {
        MimePart root = scan(
                crlf(
                        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\nbody\n--b\nContent-Type: text/plain\n\ntwo\n--b--\n"));
        assertThat(shape(root)).isEqualTo("digest(rfc822(plain) plain)");
        assertThat(root.children()
                        .get(0)
                        .children()
                        .get(0)
                        .envelope()
                        .orElseThrow()
                        .subject())
                .contains("one");
    }

    @Test
    void anEncodedMessageIsNotLookedInto() {
        MimePart root =
                scan(crlf("Content-Type: message/rfc822\nContent-Transfer-Encoding: BASE64\n\nU3ViamVjdDogeA==\n"));
        assertThat(root.isMessage()).isFalse();
        assertThat(root.encoding()).isEqualTo("base64");
    }

    @Test
    void theFieldsOfAPartAreTold() {
        MimePart part = scan(crlf("""
                Content-Type: Text/HTML; CharSet="utf-8";
                 name*0*=UTF-8''caf%C3%A9; name*1=".html"
                Content-ID: <1@x>
                Content-Description: a =?utf-8?q?b?=
                Content-Disposition: ATTACHMENT; filename=my file.txt; size=3 (octets)
                Content-MD5: Q2hlY2s=
                Content-Language: en, fr (French)
                Content-Location: http://x/y
                Content-Transfer-Encoding: 8BIT (ok)
                Content-Type: text/plain

                """));
        assertThat(part.type() + "/" + part.subtype()).isEqualTo("text/html");
        assertThat(part.parameters())
                .containsExactly(Map.entry("charset", "utf-8"), Map.entry("name", "caf\u00e9.html"));
        assertThat(part.id()).contains("<1@x>");
        assertThat(part.description()).contains("a =?utf-8?q?b?=");
        assertThat(part.disposition()).contains("attachment");
        assertThat(part.dispositionParameters())
                .containsExactly(Map.entry("filename", "my file.txt"), Map.entry("size", "3"));
        assertThat(part.md5()).contains("Q2hlY2s=");
        assertThat(part.languages()).containsExactly("en", "fr");
        assertThat(part.location()).contains("http://x/y");
        assertThat(part.encoding()).isEqualTo("8bit");
    }

    @Test
    void theEnvelopeIsTheSameReadAloneOrWithTheStructure() throws IOException {
        String message = crlf("""
                Date: Sun, 1 Jun 2025 12:00:00 +0000
                Subject: folded
                 subject =?utf-8?q?=C3=A9?=
                From: Alice <alice@crepes.fr>
                To: bob@hamburger.edu
                TO: eve@crepes.fr
                Message-ID: <1@x>
                References: <a@x>
                  <b@x>
                In-Reply-To: <b@x>

                Subject: body
                """);
        MessageEnvelope envelope = MimeScanner.envelope(
                new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)), MimeLimits.DEFAULTS);
        assertThat(scan(message).envelope()).contains(envelope);
        assertThat(envelope.subject()).contains("folded subject =?utf-8?q?=C3=A9?=");
        assertThat(envelope.date()).contains("Sun, 1 Jun 2025 12:00:00 +0000");
        assertThat(envelope.to()).extracting(a -> a.mailbox().orElseThrow()).containsExactly("bob", "eve");
        assertThat(envelope.references()).containsExactly("<a@x>", "<b@x>");
        assertThat(envelope.inReplyTo()).contains("<b@x>");
    }

    @Test
    void headerTextIsUtf8OrElseLatin1AndNeverHasControls() {
        assertThat(scan("Subject: \u00c3\u00a9\r\n\r\n")
                        .envelope()
                        .orElseThrow()
                        .subject())
                .contains("\u00e9");
        assertThat(scan("Subject: \u00e9\r\n\r\n").envelope().orElseThrow().subject())
                .contains("\u00e9");
        assertThat(scan("Subject: a\u0000b\rc\td\r\n\r\n")
                        .envelope()
                        .orElseThrow()
                        .subject())
                .contains("ab c d");
    }

    @Test
    void whatNestsTooDeepIsNotLookedInto() {
        StringBuilder message = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            message.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        }
        MimePart part = scan(message.toString());
        int depth = 0;
        while (!part.children().isEmpty()) {
            part = part.children().get(0);
            depth++;
        }
        assertThat(depth).isEqualTo(MimeLimits.DEFAULTS.maxDepth());
        assertThat(part.type()).isEqualTo("text");

        part = scan("Content-Type: message/rfc822\r\n\r\n".repeat(5000));
        for (depth = 0; !part.children().isEmpty(); depth++) {
            part = part.children().get(0);
        }
        assertThat(depth).isEqualTo(MimeLimits.DEFAULTS.maxDepth());
        assertThat(part.isMessage()).isFalse();
    }

    @Test
    void partsPastTheLimitBelongToTheLastOne() {
        String message =
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(100) + "--b--\r\n";
        MimePart root = scan(message, new MimeLimits(1 << 20, 100, 11));
        assertThat(root.children()).hasSize(10);
        assertThat(body(message, root.children().get(9))).startsWith("x\r\n--b").endsWith("x");
        assertThat(scan(message.repeat(1)).children()).hasSize(100);
    }

    @Test
    void headerFieldsPastTheLimitArePassedOver() {
        String message = "To: " + "x".repeat(900) + "\r\nX-Not-Ours: " + "y".repeat(5000) + "\r\nCc: a@b\r\nBcc: "
                + "z".repeat(200) + "\r\nSubject: late\r\n\r\nbody";
        MimePart root = scan(message, new MimeLimits(1024, 100, 100));
        MessageEnvelope envelope = root.envelope().orElseThrow();
        assertThat(envelope.cc()).hasSize(1);
        assertThat(envelope.bcc()).isEmpty();
        assertThat(envelope.subject()).contains("late");
        assertThat(body(message, root)).isEqualTo("body");
    }

    /** A stream of as many octets as asked for, the same pattern again and again. */
    private static InputStream repeated(String pattern, long octets) {
        byte[] unit = pattern.getBytes(StandardCharsets.ISO_8859_1);
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                return at == octets ? -1 : unit[(int) (at++ % unit.length)];
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (at == octets) {
                    return -1;
                }
                int count = (int) Math.min(length, octets - at);
                for (int i = 0; i < count; i++) {
                    into[offset + i] = unit[(int) ((at + i) % unit.length)];
                }
                at += count;
                return count;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "To: a@b, <c@d>, e: f@g;\r\n",
                "To: ((((((((",
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
                "Content-Type: text/plain; a*0=",
                "Content-Disposition: x; y=\"\\\r\n ",
                "\n",
                "--\r\n"
            })
    void whateverARepeatedPatternItIsReadOnceAndQuickly(String pattern) throws IOException {
        long octets = 4 << 20;
        MimePart root = MimeScanner.scan(repeated(pattern, octets), MimeLimits.DEFAULTS);
        assertThat(root.end()).isEqualTo(octets);
        assertThat(MimeParts.broken(root, octets)).isEmpty();
    }

    @Test
    void addressFieldsAreReadAsTheyCome() {
        List<String> found = AddressFields.parse(
                        "Alice <alice@crepes.fr>, \"Doe, John\" <\"j. doe\"@x.org>, bob@hamburger.edu (Bob (the) Cook), "
                                + "Friends: eve@x, <mallory@y>;, @broken, <@relay,@other:u@h>, alone, <>, undisclosed:;, =?utf-8?q?=C3=A9?= <e@x>")
                .stream()
                .map(a -> a.displayName().orElse("-") + "|" + a.mailbox().orElse("-") + "|"
                        + a.host().orElse("-"))
                .toList();
        assertThat(found)
                .containsExactly(
                        "Alice|alice|crepes.fr",
                        "Doe, John|j. doe|x.org",
                        "Bob (the) Cook|bob|hamburger.edu",
                        "-|Friends|-",
                        "-|eve|x",
                        "-|mallory|y",
                        "-|-|-",
                        "-||broken",
                        "-|u|h",
                        "-|alone|",
                        "-||",
                        "-|undisclosed|-",
                        "-|-|-",
                        "=?utf-8?q?=C3=A9?=|e|x");
    }

    @Test
    void parametersOfRfc2231AreJoinedAndBrokenOnesDoNotHarm() {
        assertThat(FieldParameters.parse("a/b; n*1*=%62; n*0*=iso-8859-1'en'%e9")
                        .parameters())
                .containsExactly(Map.entry("n", "\u00e9b"));
        assertThat(FieldParameters.parse("a/b; n*0=a; n*2=c; n*=x").parameters())
                .containsEntry("n", "a");
        assertThat(FieldParameters.parse("a/b; n=plain; n*=utf-8''%C3%A9").parameters())
                .containsEntry("n", "\u00e9");
        assertThat(FieldParameters.parse("a/b; n*=nonsense'%zz%").parameters()).containsEntry("n", "nonsense'%zz%");
        assertThat(FieldParameters.parse("a/b; =x; ; c; n*99999999999=x; n*-1=y; *=z; d=\"open")
                        .parameters())
                .containsExactly(Map.entry("d", "open"));
        assertThat(FieldParameters.parse("text / plain ; charset = us-ascii (Plain text)"))
                .isEqualTo(new FieldParameters.Parsed("text/plain", Map.of("charset", "us-ascii")));
        assertThat(FieldParameters.parse("text/html charset=utf-8").parameters())
                .containsEntry("charset", "utf-8");
    }
}
