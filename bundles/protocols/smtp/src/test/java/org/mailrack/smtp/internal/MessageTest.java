package org.mailrack.smtp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;
import org.mailrack.testkit.TestConnection;

/** What becomes of the data of a message. */
class MessageTest {

    private final Rack rack = new Rack();

    private static String escaped(String text) {
        return text.replace("\\n", "\r\n").replace("\\e", "");
    }

    private String send(String data) {
        TestConnection client = rack.inData();
        client.feed(data + ".\r\n");
        return client.read();
    }

    @ParameterizedTest(name = "RFC 5322 2.2: [{0}] is kept as [{1}]")
    @CsvSource(
            delimiter = '|',
            value = {
                "Subject: x\\n\\nbody\\n                      |Subject: x\\n\\nbody\\n",
                "Do you like ketchup?\\nYes\\n                |\\nDo you like ketchup?\\nYes\\n",
                "\\nbody only\\n                              |\\nbody only\\n",
                "\\e                                          |\\n",
                "Subject: x\\n                                |Subject: x\\n\\n",
                "Subject: x\\n folded\\n\\nbody\\n            |Subject: x\\n folded\\n\\nbody\\n",
                "Subject : x\\n\\nbody\\n                     |Subject : x\\n\\nbody\\n",
                "Subject: x\\ngarbage line\\nTo: y\\n\\nbody\\n |Subject: x\\n\\ngarbage line\\nTo: y\\n\\nbody\\n",
                "From alice Mon Jan 1\\nSubject: x\\n\\nbody\\n |Subject: x\\n\\nbody\\n",
                ">From alice Mon Jan 1\\nSubject: x\\n\\nb\\n |Subject: x\\n\\nb\\n",
                "From here on it is text\\nand more\\n        |\\nFrom here on it is text\\nand more\\n",
                "From here on\\n\\nit is text\\n              |\\nFrom here on\\n\\nit is text\\n",
                "' folded: from the start\\n'                 |'\\n folded: from the start\\n'",
                "Return-Path: <evil@x.org>\\nSubject: x\\n\\nb\\n |Subject: x\\n\\nb\\n",
                "A: 1\\nreturn-path: <e>\\n folded\\nB: 2\\n\\nReturn-Path: b\\n |A: 1\\nB: 2\\n\\nReturn-Path: b\\n",
            })
    void everyReaderAgreesWhereTheBodyBegins(String data, String kept) {
        assertThat(send(escaped(data))).startsWith("250 2.6.0");
        assertThat(rack.untraced()).isEqualTo(escaped(kept));
        assertThat(rack.text(0).split("Return-Path: <", -1))
                .as("one Return-Path")
                .hasSize(2);
        assertThat(rack.seen).as("what the filters see").isEqualTo(escaped(kept));
    }

    @Test
    void whatFiltersPutInPlaceOfTheHeaderComesBelowTheTrace() {
        rack.newHead = "Subject: [tagged] x\r\n\r\n";
        rack.newHeadLength = "Subject: x\r\n\r\n".length();
        send("Subject: x\r\n\r\nbody\r\n");
        assertThat(rack.text(0)).startsWith("Return-Path: <alice@crepes.fr>\r\nReceived: from ");
        assertThat(rack.untraced()).isEqualTo("Subject: [tagged] x\r\n\r\nbody\r\n");
    }

    @ParameterizedTest(name = "promise 8: [{0}] is refused")
    @CsvSource({
        "a\\lb, Message has a line end",
        "a\\rb, Message has a line end",
        "a\\l.\\lb, Message has a line end",
        "a\\zb, Message has a NUL",
    })
    void whatOthersCouldReadOtherwiseIsRefusedAfterTheEnd(String body, String reply) {
        TestConnection client = rack.inData();
        client.feed("Subject: x\r\n\r\n"
                + body.replace("\\l", "\n").replace("\\r", "\r").replace("\\z", "\0")
                + "\r\nMAIL FROM:<evil@x.org>\r\n");
        assertThat(client.read()).as("it is still data").isEmpty();
        assertThat(client.exchange(".")).startsWith("554 5.6.0 " + reply);
        assertThat(client.exchange("MAIL FROM:<alice@crepes.fr>"))
                .as("the session goes on")
                .startsWith("250 ");
        assertThat(rack.mails).isEmpty();
        assertThat(rack.writersOpen).hasValue(0);
    }

    @Test
    void bareNewlinesAreNormalisedWhenTheSettingSaysSo() {
        rack.config.put("bare.newlines", "normalise");
        assertThat(send("Subject: x\n\na\rb\n.\nc\r\n")).startsWith("250 ");
        assertThat(rack.untraced()).isEqualTo("Subject: x\r\n\r\na\r\nb\r\n.\r\nc\r\n");
    }

    @Test
    void overTheLimitTheRestIsReadAndForgotten() {
        rack.config.put("max.message.size", 64L * 1024);
        TestConnection client = rack.inData();
        String line = "x".repeat(998) + "\r\n";
        for (int i = 0; i < 200; i++) {
            client.feed(line);
            assertThat(client.read()).isEmpty();
        }
        assertThat(rack.writersOpen).as("nothing is kept").hasValue(0);
        assertThat(client.exchange(".")).startsWith("552 5.3.4");
        assertThat(client.exchange("MAIL FROM:<alice@crepes.fr>")).startsWith("250 ");
        assertThat(rack.mails).isEmpty();
    }

    @Test
    void aMessageMayHaveExactlyTheLimit() {
        rack.config.put("max.message.size", 64L * 1024);
        String body = ("x".repeat(62) + "\r\n").repeat(1024);
        assertThat(send("..\r\n" + body.substring(3))).startsWith("250 ");
        assertThat(send(body + "x\r\n")).startsWith("552 5.3.4");
    }

    @Test
    void aHeaderOverItsLimitIsRefused() {
        rack.config.put("max.header.size", 2048);
        assertThat(send("A: b\r\n".repeat(300) + "\r\n" + "body\r\n".repeat(1000)))
                .startsWith("250 ");
        assertThat(send("A: b\r\n".repeat(400) + "\r\nbody\r\n")).startsWith("552 5.3.4 Header");
        assertThat(send("A: " + "b".repeat(5000) + "\r\n\r\nbody\r\n")).startsWith("552 5.3.4 Header");
    }

    @Test
    void longTextLinesAreTakenUpToTheLimit() {
        rack.config.put("max.text.line", 5000);
        assertThat(send("Subject: x\r\n\r\n" + "x".repeat(4998) + "\r\n")).startsWith("250 ");
        assertThat(send("Subject: x\r\n\r\n" + "x".repeat(4999) + "\r\n")).startsWith("554 5.6.0");
    }

    @Test
    void aLoopIsBroken() {
        // RFC 5321 section 6.3
        assertThat(send("Received: from a by b; x\r\n".repeat(50) + "\r\nx\r\n"))
                .startsWith("250 ");
        assertThat(send("Received: from a by b; x\r\n".repeat(51) + "\r\nx\r\n"))
                .startsWith("554 5.4.6");
    }

    @Test
    void aClientThatLeavesDuringTheDataLeavesNothing() {
        TestConnection client = rack.inData();
        client.feed("Subject: x\r\n\r\nhalf a mes");
        client.disconnect();
        assertThat(rack.mails).isEmpty();
        assertThat(rack.writersOpen).hasValue(0);
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerLeavesNothing() {
        // It never heard the 250, and will send the message again.
        java.util.List<Runnable> later = new java.util.ArrayList<>();
        rack.filtersTakeTime(later::add);
        TestConnection client = rack.inData();
        client.feed("Subject: x\r\n\r\nwhole\r\n.\r\n");
        client.disconnect();
        later.forEach(Runnable::run);
        assertThat(rack.mails).isEmpty();
        assertThat(rack.writersOpen).hasValue(0);
    }

    @Test
    void whatIsPipelinedAfterTheDataWaitsForTheSpool() {
        java.util.List<Runnable> later = new java.util.ArrayList<>();
        rack.filtersTakeTime(later::add);
        TestConnection client = rack.inData();
        client.feed("Subject: x\r\n\r\nx\r\n.\r\nNOOP\r\nQUIT\r\n");
        assertThat(client.isPaused()).isTrue();
        assertThat(client.read()).as("no 250 before it is durable").isEmpty();
        client.passIdleTime();
        assertThat(client.read()).as("not the client's fault").isEmpty();
        later.forEach(Runnable::run);
        client.drain();
        assertThat(client.readLines()).extracting(l -> l.substring(0, 3)).containsExactly("250", "250", "221");
    }

    @Test
    void aMessageThatIsNotSmallIsAcceptedApartFromTheSession() {
        java.util.List<Runnable> later = new java.util.ArrayList<>();
        rack.worker = later::add;
        assertThat(send("Subject: x\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(2000)))
                .isEmpty();
        assertThat(later).hasSize(1);
    }

    @Test
    void aSessionIsPromptWhereNothingHasToBeWaitedFor() {
        Protocol protocol = rack.protocol(Flavor.SMTP);
        Session session = protocol.open(new TestConnection());
        assertThat(protocol.prompt()).isTrue();
        assertThat(session.prompt()).isTrue();
        assertThat(rack.protocol(Flavor.SUBMISSION).open(new TestConnection()).prompt())
                .as("AUTH computes")
                .isFalse();
        rack.prompt = false;
        assertThat(protocol.prompt()).isFalse();
        assertThat(session.prompt()).isFalse();
    }

    @Test
    void whenTooMuchWaitsForTheFiltersTheMessageIsDeferred() {
        rack.filtersTakeTime(task -> {
            throw new java.util.concurrent.RejectedExecutionException();
        });
        assertThat(send("Subject: x\r\n\r\nx\r\n")).startsWith("451 4.3.2");
        assertThat(rack.writersOpen).hasValue(0);
    }
}
