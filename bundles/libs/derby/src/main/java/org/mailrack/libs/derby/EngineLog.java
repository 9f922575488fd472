package org.mailrack.libs.derby;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Takes what the engine would write to {@code derby.log} and gives it, line by line, to whoever runs the engine. It lives in this
 * bundle because the engine looks it up by name, with its own class loader.
 */
public final class EngineLog {

    /** Value for the property {@code derby.stream.error.method}. */
    public static final String METHOD = "org.mailrack.libs.derby.EngineLog.stream";

    private static final int MAX_LINE = 2000;
    private static final Consumer<String> NOBODY = line -> {};

    private static volatile Consumer<String> sink = NOBODY;

    private EngineLog() {}

    /** Gives lines to a sink from now on. */
    public static void to(Consumer<String> newSink) {
        sink = newSink;
    }

    /** Lets go of the sink, so that its bundle can be replaced. */
    public static void toNobody() {
        sink = NOBODY;
    }

    /** Called by the engine. */
    public static OutputStream stream() {
        return new Lines();
    }

    private static final class Lines extends OutputStream {

        private final byte[] line = new byte[MAX_LINE];
        private int length;

        @Override
        public synchronized void write(int octet) {
            if (octet == '\n') {
                flushLine();
            } else if (octet != '\r' && length < MAX_LINE) {
                line[length++] = (byte) octet;
            }
        }

        private void flushLine() {
            String text = new String(line, 0, length, StandardCharsets.UTF_8).strip();
            length = 0;
            if (!text.isEmpty()) {
                sink.accept(text);
            }
        }
    }
}
