package org.mailrack.smtp.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The header section of a received message.
 *
 * @param octets the message from its first octet to the end of the fields
 * @param start where the fields begin; what is before is no part of the message
 * @param end where they end
 * @param fields the fields from the top
 * @param separated whether the empty line follows the fields; if not, the body does, or nothing
 */
record MessageHead(byte[] octets, int start, int end, List<Field> fields, boolean separated) {

    /** A header field: its name as written, and its octets with the line end. */
    record Field(String name, int start, int end) {}

    static String ascii(byte[] octets, int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** How many fields of that name there are. */
    long count(String name) {
        return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).count();
    }

    /**
     * The header section as it is to be: with fields added on top, without any Return-Path, which only the final delivery may
     * add (RFC 5321 section 4.4), and with the empty line if the message has none. Null when it is good as it stands. In any
     * case it stands for the first {@link #end} octets.
     */
    byte[] repaired(String added) {
        boolean returnPath = count("Return-Path") > 0;
        if (added.isEmpty() && start == 0 && !returnPath && separated) {
            return null;
        }
        ByteArrayOutputStream repaired = new ByteArrayOutputStream(end + added.length() + 2);
        repaired.writeBytes(added.getBytes(StandardCharsets.UTF_8));
        for (Field field : fields) {
            if (!field.name().equalsIgnoreCase("Return-Path")) {
                repaired.write(octets, field.start(), field.end() - field.start());
            }
        }
        if (!separated) {
            repaired.write('\r');
            repaired.write('\n');
        }
        return repaired.toByteArray();
    }
}
