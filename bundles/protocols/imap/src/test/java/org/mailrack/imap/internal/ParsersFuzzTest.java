package org.mailrack.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import org.mailrack.imap.internal.codec.Decoder;
import org.mailrack.imap.internal.codec.Encoder;
import org.mailrack.imap.internal.codec.ModifiedUtf7;
import org.mailrack.imap.internal.codec.SyntaxException;
import org.mailrack.imap.internal.fetch.FetchItem;
import org.mailrack.imap.internal.fetch.FetchParser;

/** What a fuzzer may find; in an ordinary run the seeds only. */
class ParsersFuzzTest {

    @FuzzTest
    void aNameThatDecodesEncodesToItself(FuzzedDataProvider data) {
        String wire = data.consumeRemainingAsAsciiString();
        String name;
        try {
            name = ModifiedUtf7.decode(wire);
        } catch (SyntaxException e) {
            return;
        }
        assertThat(ModifiedUtf7.encode(name)).isEqualTo(wire);
    }

    @FuzzTest
    void whateverIsEncodedAsAStringDecodesToItself(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString().replace('\0', ' ');
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return;
        }
        ByteBuffer wire = new Encoder().string(text).take();
        Decoder in = new Decoder(wire.array(), wire.limit(), Map.of());
        assertThat(in.string()).isEqualTo(text);
        in.end();
    }

    @FuzzTest
    void fetchItemsFailOnlyAsSyntax(FuzzedDataProvider data) {
        try {
            List<FetchItem> items = FetchParser.read(Decoder.of(data.consumeRemainingAsString()), 50);
            assertThat(items).isNotEmpty();
        } catch (SyntaxException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
    }

    @FuzzTest
    void noInputBreaksASession(byte[] input) {
        try (Rack rack = new Rack()) {
            rack.deliver("Subject: x\n\nbody\n");
            Client client = rack.inbox();
            client.connection.feed(input);
            assertThat(client.connection.read()).doesNotContain("SERVERBUG");
            client.connection.disconnect();
        }
    }
}
