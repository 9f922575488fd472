package org.mailrack.benchmarks.side;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;

/** A mail server that is measured. Users are addresses in {@link #DOMAIN} with {@link #PASSWORD}. */
public interface Side extends AutoCloseable {

    String DOMAIN = "bench.test";
    String PASSWORD = "correct-horse-battery";

    String name();

    /** As its own program says it. */
    String version() throws IOException;

    /** When it forces what to disk. */
    String durability();

    /** What is set other than by default, for the report. */
    String settings();

    /** Makes these users, local parts, in addition to those that are there. The server may be restarted by that. */
    void addUsers(List<String> users) throws IOException;

    /** Returns when the server accepts. */
    void start() throws IOException;

    /** As {@link #start()}, to fill mailboxes whose filling is not measured: it may leave out the forcing. */
    default void startToFill() throws IOException {
        start();
    }

    void stop() throws IOException;

    InetSocketAddress smtp();

    InetSocketAddress imap();

    InetSocketAddress pop3();

    /** The processes from which all of the server's come, for the processor time. */
    Collection<Long> processes();

    @Override
    void close() throws IOException;
}
