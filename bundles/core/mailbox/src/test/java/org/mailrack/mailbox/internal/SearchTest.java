package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mailrack.mailbox.internal.Fixture.ALICE;
import static org.mailrack.mailbox.internal.Fixture.NOON;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.SearchTerm;
import org.mailrack.api.mailbox.SearchTerm.All;
import org.mailrack.api.mailbox.SearchTerm.And;
import org.mailrack.api.mailbox.SearchTerm.Body;
import org.mailrack.api.mailbox.SearchTerm.HasFlag;
import org.mailrack.api.mailbox.SearchTerm.HeaderField;
import org.mailrack.api.mailbox.SearchTerm.Larger;
import org.mailrack.api.mailbox.SearchTerm.ModSeq;
import org.mailrack.api.mailbox.SearchTerm.Not;
import org.mailrack.api.mailbox.SearchTerm.Or;
import org.mailrack.api.mailbox.SearchTerm.Received;
import org.mailrack.api.mailbox.SearchTerm.Sent;
import org.mailrack.api.mailbox.SearchTerm.Smaller;
import org.mailrack.api.mailbox.SearchTerm.Text;
import org.mailrack.api.mailbox.SearchTerm.Uids;
import org.mailrack.api.mailbox.UidSet;

class SearchTest {

    private final Fixture rack = new Fixture();
    private Mailbox inbox;

    private Mailbox inbox() {
        if (inbox == null) {
            inbox = rack.mailboxes.open(ALICE, "INBOX");
        }
        return inbox;
    }

    @AfterEach
    void close() {
        inbox().close();
    }

    private String find(SearchTerm term) {
        return inbox().search(inbox().view(), term).toString();
    }

    private void octets(byte[]... parts) {
        ContentWriter writer = rack.mailboxes.create();
        for (byte[] part : parts) {
            writer.write(ByteBuffer.wrap(part));
        }
        rack.mailboxes.append(ALICE, "INBOX", writer, Flags.NONE, NOON);
    }

    private static byte[] ascii(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void columnsAnswerWithoutReadingAMessage() {
        rack.append("INBOX", "1", "\\Seen", "$Work");
        rack.append("INBOX", "22", "\\Deleted");
        long modSeq = rack.append("INBOX", "333").modSeq();
        for (int i = 0; i < 3; i++) {
            rack.contents.lose(inbox().view().row(i).content());
        }
        assertThat(find(new All())).isEqualTo("1:3");
        assertThat(find(new HasFlag("\\seen"))).isEqualTo("1");
        assertThat(find(new HasFlag("$work"))).isEqualTo("1");
        assertThat(find(new Not(new HasFlag("\\Deleted")))).isEqualTo("1,3");
        assertThat(find(new Larger(1))).isEqualTo("2:3");
        assertThat(find(new Smaller(2))).isEqualTo("1");
        assertThat(find(new ModSeq(modSeq))).isEqualTo("3");
        assertThat(find(new Uids(UidSet.range(2, 99)))).isEqualTo("2:3");
        assertThat(find(new Received(NOON, NOON.plusMillis(1)))).isEqualTo("1:3");
        assertThat(find(new Received(NOON.minusSeconds(9), NOON))).isEmpty();
        assertThat(find(new And(List.of(new Uids(UidSet.of(1, 3)), new Larger(2)))))
                .isEqualTo("3");
        assertThat(find(new Or(List.of(new HasFlag("$work"), new Larger(2))))).isEqualTo("1,3");
        assertThat(find(new And(List.of()))).isEqualTo("1:3");
        assertThat(find(new Or(List.of()))).isEmpty();
        // A content term comes last, and what cannot be read has no text.
        assertThat(find(new And(List.of(new Body("x"), new HasFlag("\\Flagged")))))
                .isEmpty();
        assertThat(find(new Not(new Body("x")))).isEqualTo("1:3");
    }

    @Test
    void theViewSearchedIsTheOneGiven() {
        rack.append("INBOX", "1");
        var before = inbox().view();
        rack.append("INBOX", "2");
        assertThat(inbox().search(before, new All())).isEqualTo(UidSet.of(1));
    }

    @Test
    void headersAreSearchedDecodedAndWithoutRegardToCase() {
        rack.append("INBOX", "Subject: =?utf-8?q?Caf=C3=A9?= =?utf-8?b?IMOgIFBhcmlz?=\r\nX-A: 1\r\n\r\n");
        rack.append("INBOX", "Subject: folded\r\n subject STRASSE\r\nx-a:\r\n\r\nSubject: caf\u00e9");
        rack.append("INBOX", "Subject: caf\u00e9 raw\r\n\r\n");
        rack.append("INBOX", "Do you like caf\u00e9?\r\nSubject: caf\u00e9\r\n");
        rack.append("INBOX", "Subject: =?utf-8?b?***?= =?no-such-charset?q?caf=E9?= =?utf-8?q?\r\n\r\n");
        assertThat(find(new HeaderField("subject", "CAF\u00c9"))).isEqualTo("1,3,5");
        assertThat(find(new HeaderField("SUBJECT", "caf\u00e9 \u00e0 paris"))).isEqualTo("1");
        assertThat(find(new HeaderField("Subject", "stra\u00dfe"))).isEqualTo("2");
        assertThat(find(new HeaderField("Subject", "folded subject"))).isEqualTo("2");
        assertThat(find(new HeaderField("X-A", ""))).isEqualTo("1:2");
        assertThat(find(new HeaderField("Nope", ""))).isEmpty();
        assertThat(find(new Text("subject: fold"))).isEqualTo("2");
    }

    @Test
    void bodiesAreSearchedDecoded() {
        octets(
                ascii(
                        "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\ncaf=E9 soft=\nbreak"));
        octets(
                ascii("Content-Type: text/html; charset=utf-16le\nContent-Transfer-Encoding: base64\n\n"),
                Base64.getMimeEncoder().encode("<b>CAF\u00c9</b>".getBytes(StandardCharsets.UTF_16LE)));
        octets(ascii("Content-Type: text/plain; charset=no-such\n\ncaf"), new byte[] {(byte) 0xe9});
        octets(ascii("Subject: none\n\ncaf"), "\u00e9".getBytes(StandardCharsets.UTF_8));
        octets(
                ascii("Subject: wrong charset\nContent-Type: text/plain; charset=utf-8\n\ncaf"),
                new byte[] {(byte) 0xe9, ' ', 'x'});
        octets(ascii("Content-Type: application/octet-stream\n\ncafe"));
        octets(ascii("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\nContent-Type: message/rfc822\n\n"
                + "Subject: =?utf-8?q?deep?= subject\nContent-Transfer-Encoding: base64\n\nY2Fmw6k=\n--b--\n"));
        octets(ascii("Do you like ketchup?\nHow about\n  pickles?\n"));
        assertThat(find(new Body("caf\u00e9"))).isEqualTo("1:5,7");
        assertThat(find(new Body("softbreak"))).isEqualTo("1");
        assertThat(find(new Body("cafe"))).isEmpty();
        assertThat(find(new Body("deep subject"))).isEqualTo("7");
        assertThat(find(new Body("LIKE ketchup"))).isEqualTo("8");
        assertThat(find(new Body("about pickles"))).isEqualTo("8");
        assertThat(find(new Body("none"))).isEmpty();
        assertThat(find(new Text("none"))).isEqualTo("4");
        assertThat(find(new Body(""))).isEqualTo("1:8");
    }

    @Test
    void whatIsCutBetweenTwoBuffersIsFound() throws IOException {
        for (int before = 8150; before < 8220; before++) {
            for (String filler : List.of("x", "\u6f22", "e\u0301")) {
                String text = filler.repeat(before) + "Ne\u0301edle  in" + filler.repeat(9000);
                assertThat(TextMatcher.find(new StringReader(text), Folding.fold("n\u00e9edle\tIN")))
                        .as("%d %s", before, filler)
                        .isTrue();
            }
        }
        assertThat(TextMatcher.find(new StringReader("x".repeat(100_000)), "xy"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'Sun, 1 Jun 2025 23:59:59 -1200', 2025-06-01",
        "'01 jun 25 00:00 GMT', 2025-06-01",
        "'Mon, 31 Dec 1999 (comment)', 1999-12-31",
        "'1 Jun 99', 1999-06-01",
        "'31 Feb 2025',",
        "'1 Jux 2025',",
        "'nonsense',",
        "'99999999999 Jun 2025',"
    })
    void theDayOfTheDateFieldCounts(String date, LocalDate day) {
        assertThat(SearchedMessage.day(date)).isEqualTo(Optional.ofNullable(day));
    }

    @Test
    void sentLooksAtTheDateField() {
        rack.append("INBOX", "Date: Sun, 1 Jun 2025 23:59:59 -1200\r\n\r\n");
        rack.append("INBOX", "Subject: no date\r\n\r\n");
        LocalDate first = LocalDate.of(2025, 6, 1);
        assertThat(find(new Sent(first, first.plusDays(1)))).isEqualTo("1");
        assertThat(find(new Sent(first.minusDays(5), first))).isEmpty();
    }

    @Test
    void aSearchTooLargeOrTooDeepIsRefused() {
        SearchTerm deep = new All();
        for (int i = 0; i < 100_000; i++) {
            deep = new Not(deep);
        }
        SearchTerm tooDeep = deep;
        assertThatThrownBy(() -> find(tooDeep)).isInstanceOf(IllegalArgumentException.class);
        List<SearchTerm> many = new ArrayList<>();
        for (int i = 0; i < 1001; i++) {
            many.add(new All());
        }
        assertThatThrownBy(() -> find(new And(many))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void detailsComeFromTheStoreAfterARestart() {
        rack.append("INBOX", "Subject: x\r\nContent-Type: text/html\r\n\r\nbody");
        rack.append("INBOX", "Subject: y\r\n\r\nbody");
        var row = inbox().view().row(0);
        var structure = inbox().structure(row);
        var envelope = inbox().envelope(inbox().view().row(1));
        inbox().close();
        assertThat(rack.store.details(inbox().view().info().id(), UidSet.range(1, 2)))
                .hasSize(2);
        MailboxesImpl restarted = new MailboxesImpl(rack.store, rack.contents, MailboxLimits.DEFAULTS);
        try (Mailbox again = restarted.open(ALICE, "INBOX")) {
            for (int i = 0; i < 2; i++) {
                rack.contents.lose(new ContentRef(again.view().row(i).content().value()));
            }
            assertThat(again.structure(again.view().row(0))).isEqualTo(structure);
            assertThat(again.envelope(again.view().row(0)))
                    .isEqualTo(structure.envelope().orElseThrow());
            assertThat(again.envelope(again.view().row(1))).isEqualTo(envelope);
        }
    }
}
