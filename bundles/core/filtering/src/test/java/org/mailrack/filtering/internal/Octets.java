package org.mailrack.filtering.internal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.mailrack.api.mail.Content;

/** A content of a test. */
record Octets(byte[] octets) implements Content {

    static Octets of(String text) {
        return new Octets(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long length() {
        return octets.length;
    }

    @Override
    public InputStream open(long offset, long count) {
        return new ByteArrayInputStream(octets, (int) offset, (int) count);
    }
}
