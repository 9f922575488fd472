package org.mailrack.transfer.internal.mbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.mailrack.api.mailbox.Flags;
import org.mailrack.transfer.internal.MailSource;

class MboxReaderTest {

    private static final String FROM = "From alice@crepes.fr Sun Jun  1 12:00:00 2025\n";
    private static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");

    private record Message(String text, String flags, Instant date, String where) {}

    private static List<Message> read(String mbox) throws Exception {
        return read(new ByteArrayInputStream(mbox.getBytes(StandardCharsets.ISO_8859_1)), false);
    }

    private static List<Message> read(InputStream in, boolean onlyOneQuote) throws Exception {
        List<Message> messages = new ArrayList<>();
        new MboxReader("f", in, ZoneOffset.UTC, onlyOneQuote, Instant.EPOCH, new MailSource.Receiver() {
                    @Override
                    public MailSource.Draft begin(String identity) {
                        assertThat(identity).isEmpty();
                        ByteArrayOutputStream text = new ByteArrayOutputStream();
                        return new MailSource.Draft() {
                            @Override
                            public void write(byte[] octets, int offset, int count) {
                                text.write(octets, offset, count);
                            }

                            @Override
                            public void end(String where, Flags flags, Instant date) {
                                messages.add(new Message(
                                        text.toString(StandardCharsets.ISO_8859_1), flags.toString(), date, where));
                            }

                            @Override
                            public void close() {}
                        };
                    }

                    @Override
                    public void skipped(String where, String why) {
                        throw new AssertionError(where + why);
                    }
                })
                .read();
        return messages;
    }

    private static List<String> texts(String mbox) throws Exception {
        return read(mbox).stream().map(Message::text).toList();
    }

    @Test
    void messagesAsRfc4155HasThem() throws Exception {
        List<Message> messages = read(FROM + "Subject: 1\n\nketchup\n\nFrom b Mon Jun  2 12:00:00 2025\nSubject: 2\n\n"
                + "pickles\n\n\n" + FROM + "Subject: 3\n\n" + FROM + "Subject: 4\n\nno line end");
        assertThat(messages)
                .extracting(Message::text)
                .containsExactly(
                        "Subject: 1\n\nketchup\n",
                        "Subject: 2\n\npickles\n\n",
                        "Subject: 3\n",
                        "Subject: 4\n\nno line end");
        assertThat(messages)
                .extracting(Message::date)
                .containsExactly(NOON, Instant.parse("2025-06-02T12:00:00Z"), NOON, NOON);
        assertThat(messages.get(1).where()).isEqualTo("message 2 at octet 67 of f");
    }

    @Test
    void linesEndInLfOrCrlf() throws Exception {
        String mbox = FROM + "Subject: 1\n\n>From x\n\n" + FROM + "Status: RO\nSubject: 2\n\nb\n\n";
        assertThat(texts(mbox.replace("\n", "\r\n")))
                .containsExactlyElementsOf(texts(mbox).stream()
                        .map(text -> text.replace("\n", "\r\n"))
                        .toList());
    }

    @Test
    void quotedLinesOfMboxrdLoseOneQuoteEach() throws Exception {
        String body = ">From a\n>>From b\n>>>From c\n> From d\n>Frog\n>>>\n";
        assertThat(texts(FROM + "S: x\n\n" + body + "\n"))
                .containsExactly("S: x\n\nFrom a\n>From b\n>>From c\n> From d\n>Frog\n>>>\n");
    }

    @Test
    void ofMboxoOnlyASingleQuoteIsOne() throws Exception {
        byte[] mbox = (FROM + "S: x\n\n>From a\n>>From b\n\n").getBytes(StandardCharsets.US_ASCII);
        assertThat(read(new ByteArrayInputStream(mbox), true).get(0).text()).isEqualTo("S: x\n\nFrom a\n>>From b\n");
    }

    @Test
    void aSeparatorHasADateAndAnEmptyLineBeforeIt() throws Exception {
        String text = "S: x\n\nFrom here on it is easy.\n\nFrom now on, too.\n" + FROM + "b\n";
        assertThat(texts(FROM + text + "\n" + FROM + "S: y\n\n")).containsExactly(text, "S: y\n");
    }

    @Test
    void contentLengthIsNotBelieved() throws Exception {
        assertThat(texts(FROM + "Content-Length: 9999\nS: x\n\none\n\n" + FROM + "Content-Length: 1\nS: y\n\ntwo\n\n"))
                .containsExactly("S: x\n\none\n", "S: y\n\ntwo\n");
    }

    /** As Dovecot writes them: X-Keywords padded, X-IMAPbase in the first. */
    @Test
    void flagsOfDovecot() throws Exception {
        List<Message> messages = read(FROM + "Subject: 1\nX-UID: 1\nStatus: RO\nX-Status: AFTD\n"
                + "X-IMAPbase: 1749000000 0000000002 $Forwarded Junk\nX-Keywords: $Forwarded Junk            \n"
                + "Content-Length: 2\n\nx\n\n" + FROM + "X-UID: 2\nStatus: O\nSubject: 2\nX-Keywords: \n\nx\n\n");
        assertThat(messages).extracting(Message::text).containsExactly("Subject: 1\n\nx\n", "Subject: 2\n\nx\n");
        assertThat(messages)
                .extracting(Message::flags)
                .containsExactly("\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded Junk", "");
    }

    /** As mutt writes them: at the end of the header, X-Status only when there is something to say. */
    @Test
    void flagsOfMutt() throws Exception {
        List<Message> messages = read(
                FROM + "Subject: 1\nStatus: RO\nContent-Length: 2\nLines: 1\nX-Status: F\n\nx\n\n" + FROM + "S: 2\n\n");
        assertThat(messages).extracting(Message::flags).containsExactly("\\Flagged \\Seen", "");
        assertThat(messages.get(0).text()).isEqualTo("Subject: 1\nLines: 1\n\nx\n");
    }

    @Test
    void aFieldThatIsFoldedGoesWithAllItsLinesAndTheBodyMayLookLikeIt() throws Exception {
        List<Message> messages = read(FROM
                + "S: 1\n folded\nX-Keywords: one\n\ttwo\n three\nT: x\n folded\n\nStatus: RO\n tail\nX-Status: D\n");
        assertThat(messages.get(0).text())
                .isEqualTo("S: 1\n folded\nT: x\n folded\n\nStatus: RO\n tail\nX-Status: D\n");
        assertThat(messages.get(0).flags()).isEqualTo("one three two");
    }

    @Test
    void theFoldersOwnDataIsNoMessage() throws Exception {
        assertThat(texts(FROM + "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n"
                        + "X-IMAP: 1749000000 0000000001\nStatus: RO\n\nThis text is part of the folder.\n\n"
                        + FROM + "Subject: 1\n\nx\n\n"))
                .containsExactly("Subject: 1\n\nx\n");
    }

    @Test
    void aMessageWithoutAHeaderStaysOne() throws Exception {
        assertThat(texts(FROM + "Status: RO\n\nDo you like ketchup?\n\n" + FROM + "Do you?\nStatus: O\n\n" + FROM
                        + "\n"))
                .containsExactly("Do you like ketchup?\n", "Do you?\nStatus: O\n", "");
    }

    @Test
    void anEmptyFileHasNoMessagesAndOneThatIsNoMboxIsRefused() throws Exception {
        assertThat(read("")).isEmpty();
        assertThat(read("\n\n")).isEmpty();
        assertThatThrownBy(() -> read("Subject: x\n\nno mbox\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no mbox file");
    }

    @Test
    void aFirstLineWithoutADateIsTakenWithTheFilesDate() throws Exception {
        assertThat(read("From nobody\nS: x\n\n").get(0).date()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void linesAndFieldsWithoutEndAreReadInPieces() throws Exception {
        String line = "x".repeat(200_000);
        List<Message> messages = read(FROM + "S: " + line + "\nX-Keywords: " + line + "\nT: x\n\n" + line + "\n" + line
                + "From b Mon Jun  2 12:00:00 2025\n\n" + FROM + "S: y\n\n");
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0).text())
                .isEqualTo("S: " + line + "\nT: x\n\n" + line + "\n" + line + "From b Mon Jun  2 12:00:00 2025\n");
    }

    @Test
    void octetsOfAnyKindLoseNothingButWhatIsTheFiles() throws Exception {
        Random random = new Random(7);
        String[] words = {"From ", ">", "\n", "\r\n", "\r", "Status: R", ":", " ", "x", "\0", FROM, "X-IMAP: ", "é"};
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(words[random.nextInt(words.length)]);
            }
            List<Message> messages = read(FROM + "S: first\n\n" + text);
            long xs = text.chars().filter(c -> c == 'x').count();
            long kept = messages.stream()
                    .mapToLong(m -> m.text().chars().filter(c -> c == 'x').count())
                    .sum();
            assertThat(messages).isNotEmpty();
            assertThat(kept).isLessThanOrEqualTo(xs);
            if (!text.toString().contains("Status")
                    && !text.toString().contains("X-IMAP")
                    && !text.toString().contains("From ")) {
                assertThat(kept).as(text.toString()).isEqualTo(xs);
            }
        }
    }

    @Test
    void aFileThatCannotBeReadFurtherGivesWhatCameBefore() {
        byte[] mbox = (FROM + "S: 1\n\nx\n\n" + FROM + "S: 2\n\nhalf of").getBytes(StandardCharsets.US_ASCII);
        InputStream broken = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at == mbox.length) {
                    throw new IOException("Input/output error");
                }
                return mbox[at++];
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                into[offset] = (byte) read();
                return 1;
            }
        };
        List<String> ended = new ArrayList<>();
        assertThatThrownBy(() -> new MboxReader("f", broken, ZoneOffset.UTC, false, NOON, new MailSource.Receiver() {
                            @Override
                            public MailSource.Draft begin(String identity) {
                                return new MailSource.Draft() {
                                    @Override
                                    public void write(byte[] octets, int offset, int count) {}

                                    @Override
                                    public void end(String where, Flags flags, Instant date) {
                                        ended.add(where);
                                    }

                                    @Override
                                    public void close() {
                                        ended.add("closed");
                                    }
                                };
                            }

                            @Override
                            public void skipped(String where, String why) {}
                        })
                        .read())
                .hasMessage("Input/output error");
        assertThat(ended).containsExactly("message 1 at octet 0 of f", "closed", "closed");
    }
}
