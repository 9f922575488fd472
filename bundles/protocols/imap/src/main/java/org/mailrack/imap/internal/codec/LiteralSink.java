package org.mailrack.imap.internal.codec;

import java.nio.ByteBuffer;

/** Takes a literal piece by piece while it arrives, so that it is never held whole in memory. */
public interface LiteralSink extends AutoCloseable {

    /** Takes the next octets, all of the buffer. An exception refuses the literal; the rest of it is then skipped. */
    void write(ByteBuffer octets);

    /** The command is over, done or not; what was not used by then is thrown away. */
    @Override
    void close();
}
