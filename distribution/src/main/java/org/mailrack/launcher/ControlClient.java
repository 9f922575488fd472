package org.mailrack.launcher;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sends a command to the running server and copies what it answers. */
final class ControlClient {

    private final Instance instance;

    ControlClient(Instance instance) {
        this.instance = instance;
    }

    /** Runs a command in the server; returns its exit code. */
    int run(List<String> words, InputStream input, PrintStream out, PrintStream err) {
        try (SocketChannel channel = connect()) {
            return talk(channel, words, input, out, err);
        } catch (IOException e) {
            throw LauncherException.failed(
                    "the connection to the server on " + instance.base() + " broke: " + Instance.reason(e));
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            return channel;
        } catch (IOException e) {
            channel.close();
            if (Files.exists(instance.base()) && !Files.isReadable(instance.data()) && Files.exists(instance.data())) {
                throw LauncherException.failed("only the owner of " + instance.data()
                        + " can give commands to this server: permission denied");
            }
            if (InstanceLock.held(instance)) {
                throw LauncherException.failed("the server on " + instance.base()
                        + " takes no commands now: it is starting or stopping, or the feature ops is not there");
            }
            throw new LauncherException(
                    LauncherException.NOT_RUNNING,
                    "no server is running on " + instance.base() + " (start it with: " + instance.command()
                            + " start)");
        }
    }

    /** A path too long for a socket is replaced by the server; it leaves a note. */
    private Path socket() throws IOException {
        Path note = instance.data().resolve("control.path");
        return Files.exists(note)
                ? Path.of(Files.readString(note).strip())
                : instance.data().resolve("control.sock");
    }

    private int talk(SocketChannel channel, List<String> words, InputStream input, PrintStream out, PrintStream err)
            throws IOException {
        OutputStream to = new BufferedOutputStream(Channels.newOutputStream(channel));
        InputStream from = new BufferedInputStream(Channels.newInputStream(channel));
        Frames frames = new Frames(from, to);
        frames.write(Frames.GREETING, Frames.HELLO);
        frames.write(Frames.FOLDER, Path.of("").toAbsolutePath().toString());
        for (String word : words) {
            frames.write(Frames.ARGUMENT, word);
        }
        frames.write(Frames.EXECUTE, "");
        byte[] buffer = new byte[Frames.MAX];
        while (true) {
            Frames.Frame frame = frames.read();
            if (frame == null) {
                throw new EOFException("the server ended it");
            }
            switch (frame.type()) {
                case Frames.OUT -> copy(frame, out);
                case Frames.ERR -> copy(frame, err);
                case Frames.NEED -> {
                    int count = Math.max(0, input.read(buffer));
                    frames.write(Frames.INPUT, buffer, count);
                }
                case Frames.DONE -> {
                    out.flush();
                    err.flush();
                    return ByteBuffer.wrap(frame.content()).getInt();
                }
                default -> throw new IOException("the server speaks another language than this launcher");
            }
        }
    }

    private static void copy(Frames.Frame frame, PrintStream target) throws IOException {
        target.write(frame.content());
        target.flush();
        if (target.checkError()) {
            // Such as `mailrack log tail -f | head`: nobody listens any more, so the command can end.
            throw new LauncherException(LauncherException.FAILED, "nobody reads the output");
        }
    }
}
