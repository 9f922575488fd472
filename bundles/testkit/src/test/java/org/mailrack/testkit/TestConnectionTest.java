package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;

class TestConnectionTest {

    private final ProbeProtocol protocol = new ProbeProtocol();
    private final TestConnection client = TestConnection.open(protocol);

    @Test
    void answersInOrderHoweverTheInputIsCut() {
        assertThat(client.read()).isEqualTo("hello secure=false\r\n");
        assertThat(client.exchange("ECHO one")).isEqualTo("one\r\n");
        assertThat(client.trickle("ECHO two\r\nECHO three\r\n").readLines()).containsExactly("two", "three");
        assertThat(client.lines("ECHO a", "SOURCE 2", "ECHO b").readLines()).containsExactly("a", "\0\0b");
        assertThat(client.unconsumed()).isZero();
    }

    @Test
    void showsNothingWhilePaused() {
        assertThat(client.lines("PAUSE", "ECHO after").readLines())
                .contains("pausing")
                .doesNotContain("after");
        assertThat(client.isPaused()).isTrue();
        client.resume();
        assertThat(client.drain().read()).isEqualTo("after\r\n");
    }

    @Test
    void goesOnProducingWhenTheClientReadsOn() {
        client.window(0).lines("PRODUCE 1000000", "ECHO end");
        assertThat(protocol.produced.get()).isBetween(1L, 2L * TestConnection.HIGH_WATER);
        assertThat(client.window(Long.MAX_VALUE).read()).hasSize("hello secure=false\r\n".length() + 1000000 + 5);
    }

    @Test
    void readsASourceAsTheWindowAllows() {
        client.window(50).lines("SOURCE 1000000", "ECHO end");
        assertThat(protocol.produced).hasValue(50);
        assertThat(client.window(Long.MAX_VALUE).read()).endsWith("end\r\n");
        assertThat(protocol.sourcesOpen).hasValue(0);
    }

    /** RFC 3207 section 6. */
    @Test
    void throwsAwayWhatIsPipelinedBehindStartTls() {
        client.read();
        assertThat(client.lines("STARTTLS", "ECHO injected").read()).isEqualTo("go\r\n");
        assertThat(client.secure()).isTrue();
        assertThat(client.exchange("ECHO protected")).isEqualTo("protected\r\n");
        assertThat(protocol.events).containsExactly("opened", "secured");
    }

    @Test
    void closesWhenTheHandshakeFails() {
        client.failTls().lines("STARTTLS");
        assertThat(client.isClosed()).isTrue();
        assertThat(protocol.events).containsExactly("opened", "closed");
    }

    @Test
    void isSecureFromTheStartWithImplicitTls() {
        Endpoint endpoint = TestConnection.endpoint("pop3s", TlsMode.IMPLICIT, Map.of());
        assertThat(TestConnection.open(protocol, endpoint).read()).isEqualTo("hello secure=true\r\n");
    }

    @Test
    void closesAfterTheOutputAndDropsWhatIsWrittenLater() {
        client.read();
        client.window(0).lines("QUIT");
        assertThat(client.isClosed()).isFalse();
        assertThat(client.window(Long.MAX_VALUE).read()).isEqualTo("bye\r\n");
        assertThat(client.isClosed()).isTrue();
        assertThat(protocol.sourcesOpen).hasValue(0);
    }

    @Test
    void answersAClientThatEndedItsSending() {
        client.read();
        client.lines("ECHO a", "PAUSE").endInput();
        assertThat(client.isClosed()).isFalse();
        client.resume();
        client.drain();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void endsTheConnectionOfASessionThatLeavesMoreThanTheInputLimit() {
        client.lines("DEAF").feed(new byte[Endpoint.INPUT_LIMIT - 1]);
        assertThat(client.isClosed()).isFalse();
        client.feed(new byte[1]);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void letsTheTestSeeWhatTheSessionThrows() {
        assertThatThrownBy(() -> client.lines("THROW")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void waitsForOtherThreads() {
        client.read();
        new Thread(() -> client.execute(() -> client.write("from afar\r\n"))).start();
        assertThat(client.awaitOutput(text -> text.endsWith("\r\n"))).isEqualTo("from afar\r\n");
        client.sayGoodbye();
        assertThat(client.awaitClosed()).isEqualTo("goodbye\r\n");
        assertThat(protocol.events).containsExactly("opened", "goodbye", "closed");
    }
}
