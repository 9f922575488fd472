package org.mailrack.shell.internal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The frames of the control socket: a type, a length in four octets, so many octets. The other side is in the launcher, which
 * shares no code with the bundles.
 */
final class Frames {

    /** The first frame: who speaks, so that an old launcher and a new server do not misunderstand each other. */
    static final String HELLO = "mailrack-control 1";

    static final int MAX = 64 * 1024;

    // From the client.
    static final byte GREETING = 'H';
    static final byte FOLDER = 'D';
    static final byte ARGUMENT = 'A';
    static final byte EXECUTE = 'X';
    static final byte INPUT = 'I';

    // From the server. NEED asks for one INPUT, which is empty at the end of the input.
    static final byte OUT = 'O';
    static final byte ERR = 'E';
    static final byte NEED = 'N';
    static final byte DONE = 'Z';

    record Frame(byte type, byte[] content) {

        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    private final DataInputStream in;
    private final DataOutputStream out;

    Frames(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(out);
    }

    /** The next frame; null at the end. */
    Frame read() throws IOException {
        int type = in.read();
        if (type < 0) {
            return null;
        }
        int length = in.readInt();
        if (length < 0 || length > MAX) {
            throw new IOException("a frame of " + length + " octets");
        }
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("the frame is cut off");
        }
        return new Frame((byte) type, content);
    }

    void write(byte type, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        write(type, octets, octets.length);
    }

    void write(byte type, byte[] content, int length) throws IOException {
        if (length > MAX) {
            throw new IOException("too long: " + length + " octets");
        }
        out.writeByte(type);
        out.writeInt(length);
        out.write(content, 0, length);
        out.flush();
    }
}
