package org.mailrack.relay.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import org.mailrack.api.mail.Content;

/**
 * Writes a message as the data of DATA: without a leading Return-Path, which is for the final server to add (RFC 5321 section 4.4),
 * each line ended by CRLF, a leading dot doubled (section 4.5.2). A bare CR or LF becomes CRLF and NUL is left out, because another
 * server might take them for something else than we do (section 2.3.8).
 */
final class MessageOutput {

    private static final byte[] RETURN_PATH = "return-path:".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final byte[] buffer = new byte[16 * 1024];
    private int used;
    private boolean lineStart = true;
    private boolean afterCr;

    private MessageOutput(OutputStream out) {
        this.out = out;
    }

    /** Called for every piece that goes out. */
    interface Progress {
        void moved();
    }

    /** Writes the message and the final dot; does not flush. */
    static void write(Content content, OutputStream out, Progress progress) throws IOException {
        long skip = returnPathLength(content);
        MessageOutput output = new MessageOutput(out);
        try (InputStream in = content.open(skip, content.length() - skip)) {
            byte[] piece = new byte[16 * 1024];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                output.add(piece, count);
                progress.moved();
            }
        }
        output.end();
    }

    /** The length of the Return-Path field with its folded lines, if the message begins with it. */
    static long returnPathLength(Content content) throws IOException {
        try (InputStream in = content.open(0, Math.min(content.length(), 4096))) {
            byte[] head = in.readAllBytes();
            if (head.length < RETURN_PATH.length
                    || !new String(head, 0, RETURN_PATH.length, StandardCharsets.ISO_8859_1)
                            .toLowerCase(Locale.ROOT)
                            .equals(new String(RETURN_PATH, StandardCharsets.US_ASCII))) {
                return 0;
            }
            for (int i = RETURN_PATH.length; i < head.length; i++) {
                boolean folded = i + 1 < head.length && (head[i + 1] == ' ' || head[i + 1] == '\t');
                if (head[i] == '\n' && !folded) {
                    return i + 1L;
                }
            }
            return 0;
        }
    }

    /** Whether any octet of the header, or of the whole message, has its eighth bit set. */
    static boolean eightBit(Content content, boolean headerOnly) throws IOException {
        try (InputStream in = content.open()) {
            byte[] piece = new byte[16 * 1024];
            int lineLength = 0;
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                for (int i = 0; i < count; i++) {
                    if (piece[i] < 0) {
                        return true;
                    }
                    if (headerOnly && piece[i] == '\n') {
                        if (lineLength == 0) {
                            return false;
                        }
                        lineLength = 0;
                    } else if (piece[i] != '\r') {
                        lineLength++;
                    }
                }
            }
            return false;
        }
    }

    private void add(byte[] piece, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            byte octet = piece[i];
            if (octet == '\n') {
                lineEnd();
                afterCr = false;
            } else {
                if (afterCr) {
                    lineEnd();
                    afterCr = false;
                }
                if (octet == '\r') {
                    afterCr = true;
                } else if (octet != 0) {
                    if (lineStart && octet == '.') {
                        put((byte) '.');
                    }
                    put(octet);
                    lineStart = false;
                }
            }
        }
    }

    private void lineEnd() throws IOException {
        put((byte) '\r');
        put((byte) '\n');
        lineStart = true;
    }

    private void put(byte octet) throws IOException {
        if (used == buffer.length) {
            out.write(buffer, 0, used);
            used = 0;
        }
        buffer[used++] = octet;
    }

    private void end() throws IOException {
        if (afterCr || !lineStart) {
            lineEnd();
        }
        put((byte) '.');
        put((byte) '\r');
        put((byte) '\n');
        out.write(Arrays.copyOf(buffer, used));
        used = 0;
    }
}
