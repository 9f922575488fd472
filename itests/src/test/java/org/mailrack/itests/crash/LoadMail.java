package org.mailrack.itests.crash;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** A mail whose every octet follows from its name and size, so that nobody has to keep it to know it again. */
record LoadMail(String token, int size) {

    /** The header field with name and size. */
    static final String FIELD = "X-Load";

    private static final Pattern VALUE = Pattern.compile(FIELD + ": ([0-9a-z-]+) ([0-9]{1,9})");
    /** What a server puts before a mail: trace fields (RFC 5321 section 4.4), folded or not. */
    private static final Pattern TRACE =
            Pattern.compile("(?:(?:Received|Return-Path): [^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)*");

    /** The octets, lines ended by CRLF; a few lines begin with a dot. */
    byte[] octets() {
        StringBuilder text = new StringBuilder(size + 200);
        text.append("From: load@crepes.fr\r\nSubject: ").append(token).append("\r\n");
        text.append(FIELD).append(": ").append(token).append(' ').append(size).append("\r\n\r\n");
        int body = text.length();
        Random random = new Random(token.hashCode() * 31L + size);
        while (text.length() - body < size) {
            int length = random.nextInt(77);
            if (random.nextInt(20) == 0) {
                text.append('.');
            }
            for (int i = 0; i < length; i++) {
                text.append((char) (' ' + random.nextInt(95)));
            }
            text.append("\r\n");
        }
        CRC32 crc = new CRC32();
        crc.update(text.substring(body).getBytes(StandardCharsets.US_ASCII));
        text.append("checksum ").append(Long.toHexString(crc.getValue())).append("\r\n");
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The octets as they go after DATA, without the line that ends them (RFC 5321 section 4.5.2). */
    byte[] stuffed() {
        byte[] octets = octets();
        ByteArrayOutputStream out = new ByteArrayOutputStream(octets.length + 200);
        byte before = '\n';
        for (byte octet : octets) {
            if (octet == '.' && before == '\n') {
                out.write('.');
            }
            out.write(octet);
            before = octet;
        }
        return out.toByteArray();
    }

    /** The mail that a header line names. */
    static Optional<LoadMail> named(String line) {
        Matcher value = VALUE.matcher(line);
        return value.find()
                ? Optional.of(new LoadMail(value.group(1), Integer.parseInt(value.group(2))))
                : Optional.empty();
    }

    /** Whether stored octets are this mail, with nothing but trace fields before it. */
    boolean isIn(byte[] stored) {
        byte[] sent = octets();
        int trace = stored.length - sent.length;
        return trace >= 0
                && Arrays.equals(stored, trace, stored.length, sent, 0, sent.length)
                && TRACE.matcher(new String(stored, 0, trace, StandardCharsets.ISO_8859_1))
                        .matches();
    }
}
