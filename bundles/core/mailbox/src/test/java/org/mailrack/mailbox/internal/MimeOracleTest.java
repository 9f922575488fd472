package org.mailrack.mailbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.junit.jupiter.api.Test;

import org.mailrack.api.mailbox.MimePart;

/** Our scanner and mime4j's parser find the same parts with the same octets in messages that were made at random. */
class MimeOracleTest {

    private final StringBuilder out = new StringBuilder();
    private Random random = new Random();
    private int boundaries;

    private String line() {
        String[] lines = {
            "text",
            "",
            "--",
            "--x",
            "---",
            " indented",
            "a: b",
            "\t",
            "--b",
            "Content-Type: text/html",
            "b" + boundaries + "--"
        };
        return lines[random.nextInt(lines.length)] + "\r\n";
    }

    private void lines(int most) {
        for (int n = random.nextInt(most + 1); n > 0; n--) {
            out.append(line());
        }
    }

    private void header(String type) {
        String[] others = {"X-Other: y", "content-id: <1@x>", "Subject: a\r\n b", "Content-Description: z"};
        if (random.nextBoolean()) {
            out.append(others[random.nextInt(others.length)]).append("\r\n");
        }
        if (!type.isEmpty()) {
            out.append(random.nextBoolean() ? "Content-Type: " : "content-type:\r\n ")
                    .append(type)
                    .append("\r\n");
        }
        if (random.nextInt(4) == 0) {
            out.append("Content-Transfer-Encoding: 8bit\r\n");
        }
        out.append("\r\n");
    }

    private void entity(int depth) {
        switch (depth > 5 ? 0 : random.nextInt(5)) {
            case 0, 1 -> {
                String[] types = {
                    "", "text/plain; charset=utf-8", "text/html", "image/png; name=\"a;b\"", "application/x-y"
                };
                header(types[random.nextInt(types.length)]);
                lines(4);
                out.append(random.nextBoolean() ? "end" : "end\r\n");
            }
            case 2 -> {
                header("message/rfc822");
                entity(depth + 1);
            }
            default -> {
                String boundary = "q" + boundaries++ + (random.nextBoolean() ? "=_'()+_,-./:=?" : "z");
                header((random.nextBoolean() ? "multipart/mixed" : "multipart/x-other") + "; boundary=\"" + boundary
                        + "\"");
                lines(2);
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    if (out.charAt(out.length() - 1) != '\n' || random.nextBoolean()) {
                        out.append("\r\n");
                    }
                    out.append("--")
                            .append(boundary)
                            .append(random.nextInt(5) == 0 ? " \t" : "")
                            .append("\r\n");
                    entity(depth + 1);
                }
                out.append("\r\n--").append(boundary).append("--\r\n");
                lines(2);
            }
        }
    }

    private static List<String> oracle(byte[] message) throws Exception {
        MimeTokenStream tokens = new MimeTokenStream(MimeConfig.custom()
                .setMaxHeaderCount(-1)
                .setMaxLineLen(-1)
                .setMaxHeaderLen(-1)
                .build());
        tokens.setRecursionMode(RecursionMode.M_RECURSE);
        tokens.parse(new ByteArrayInputStream(message));
        List<String> found = new ArrayList<>();
        for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
            switch (state) {
                case T_BODY ->
                    found.add(tokens.getBodyDescriptor().getMimeType() + " "
                            + new String(tokens.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
                case T_START_MULTIPART -> found.add(tokens.getBodyDescriptor().getMimeType() + " (");
                case T_END_MULTIPART -> found.add(")");
                default -> {}
            }
        }
        return found;
    }

    private static void ours(byte[] message, MimePart part, List<String> found) {
        String type = part.type() + "/" + part.subtype();
        if (part.isMultipart()) {
            found.add(type + " (");
            part.children().forEach(child -> ours(message, child, found));
            found.add(")");
        } else if (part.isMessage()) {
            ours(message, part.children().get(0), found);
        } else {
            found.add(type + " "
                    + new String(message, (int) part.bodyStart(), (int) part.size(), StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void bothFindTheSameParts() throws Exception {
        for (int seed = 0; seed < 500; seed++) {
            random = new Random(seed);
            out.setLength(0);
            boundaries = 0;
            entity(0);
            String text = seed % 4 == 0 ? out.toString().replace("\r\n", "\n") : out.toString();
            byte[] message = text.getBytes(StandardCharsets.ISO_8859_1);
            MimePart root = MimeScanner.scan(new ByteArrayInputStream(message), MimeLimits.DEFAULTS);
            assertThat(MimeParts.broken(root, message.length)).isEmpty();
            List<String> ours = new ArrayList<>();
            ours(message, root, ours);
            assertThat(ours).as("seed %d:%n%s", seed, text).isEqualTo(oracle(message));
        }
    }
}
