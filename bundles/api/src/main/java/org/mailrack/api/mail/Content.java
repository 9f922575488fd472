package org.mailrack.api.mail;

import java.io.IOException;
import java.io.InputStream;

/**
 * The octets of a message, header and body with CRLF line ends, as they were stored.
 *
 * <p>Can be read any number of times, from any offset, by several threads at once, each with its own stream. The length is
 * known and never changes.
 */
public interface Content {

    /** The length in octets. */
    long length();

    /**
     * Opens {@code count} octets from {@code offset}; the caller closes the stream.
     *
     * @throws IndexOutOfBoundsException if the range is not inside the content
     * @throws IOException if the octets cannot be read, or are damaged (a checksum does not fit)
     */
    InputStream open(long offset, long count) throws IOException;

    /** Opens the whole content; the caller closes the stream. */
    default InputStream open() throws IOException {
        return open(0, length());
    }
}
