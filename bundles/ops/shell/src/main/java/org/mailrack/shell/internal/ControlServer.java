package org.mailrack.shell.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the control socket and serves each client in threads of its own. */
final class ControlServer implements AutoCloseable {

    /** What fits into a socket address everywhere, in octets (sockaddr_un has 108 on Linux, 104 elsewhere). */
    private static final int MAX_PATH = 100;

    private static final int MAX_CLIENTS = 16;
    private static final long PATIENCE_SECONDS = 10;

    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

    private final CommandRunner runner;
    private final Path note;
    private final Path socket;
    private final ServerSocketChannel server;
    private final Semaphore places = new Semaphore(MAX_CLIENTS);
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService impatience = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "mailrack-control-timer");
        thread.setDaemon(true);
        return thread;
    });

    /** Opens the socket in a folder that must be the owner's alone. */
    ControlServer(Path folder, CommandRunner runner) throws IOException {
        this.runner = runner;
        this.note = folder.resolve("control.path");
        Path wanted = folder.resolve("control.sock");
        Files.deleteIfExists(note);
        boolean fits = wanted.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_PATH;
        socket = fits ? wanted : Files.createTempDirectory("mailrack-").resolve("control.sock");
        // Left by a server that had no time to clean up; that none runs now, the launcher's lock made sure.
        Files.deleteIfExists(socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            if (!fits) {
                Files.writeString(note, socket.toString());
            }
        } catch (IOException e) {
            server.close();
            throw e;
        }
        Thread acceptor = new Thread(this::accept, "mailrack-control");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (!places.tryAcquire()) {
                    client.close();
                    log.warn("control client refused reason=too-many limit={}", MAX_CLIENTS);
                    continue;
                }
                clients.add(client);
                Thread thread = new Thread(() -> serve(client), "mailrack-control-client");
                thread.setDaemon(true);
                thread.start();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.warn("control socket failed reason={}", e.toString());
                return;
            }
        }
    }

    /** Reads what the client sends; the command runs in a thread that this one interrupts when the client leaves. */
    private void serve(SocketChannel client) {
        try (client) {
            // Plain channel streams share one lock for both directions, and here both wait at the same time.
            Frames frames = new Frames(
                    new BufferedInputStream(new ChannelInput(client)),
                    new BufferedOutputStream(new ChannelOutput(client)));
            ScheduledFuture<?> alarm = impatience.schedule(() -> close(client), PATIENCE_SECONDS, TimeUnit.SECONDS);
            Request request = Request.read(frames);
            alarm.cancel(false);
            if (request == null) {
                return;
            }
            ClientStreams streams = new ClientStreams(frames);
            Thread command = new Thread(() -> run(client, request, streams), "mailrack-command");
            command.setDaemon(true);
            command.start();
            try {
                for (Frames.Frame frame = frames.read(); frame != null; frame = frames.read()) {
                    if (frame.type() != Frames.INPUT) {
                        throw new IOException("unexpected frame of type " + frame.type());
                    }
                    streams.received(frame.content());
                }
            } finally {
                streams.gone();
                command.interrupt();
            }
        } catch (ClosedChannelException e) {
            log.debug("control client gone");
        } catch (IOException e) {
            log.debug("control client failed reason={}", e.toString());
        } finally {
            clients.remove(client);
            places.release();
        }
    }

    private void run(SocketChannel client, Request request, ClientStreams streams) {
        Actor.begin(Actor.of(client));
        try {
            int code = runner.run(request, streams.in(), streams.out(), streams.err());
            streams.done(code);
        } catch (IOException e) {
            log.debug("control client gone before the answer reason={}", e.toString());
        } finally {
            Actor.end();
            close(client);
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            log.debug("control client not closed reason={}", e.toString());
        }
    }

    Path socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            server.close();
            impatience.shutdownNow();
            clients.forEach(ControlServer::close);
            Files.deleteIfExists(socket);
            if (Files.deleteIfExists(note)) {
                Files.deleteIfExists(socket.getParent());
            }
        } catch (IOException e) {
            log.warn("control socket not removed socket={} reason={}", socket, e.toString());
        }
    }

    private static final class ChannelInput extends InputStream {

        private final SocketChannel channel;

        ChannelInput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] octet = new byte[1];
            return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(target, offset, length));
        }
    }

    private static final class ChannelOutput extends OutputStream {

        private final SocketChannel channel;

        ChannelOutput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(octets, offset, length);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }
}
