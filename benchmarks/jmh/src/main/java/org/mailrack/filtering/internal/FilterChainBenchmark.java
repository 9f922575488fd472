package org.mailrack.filtering.internal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.FilterChain;
import org.mailrack.api.filter.IncomingMail;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;

/**
 * What the chain itself costs a mail: the filters accept and do nothing else. With none, nobody reads the header; that cost is in
 * the others.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class FilterChainBenchmark {

    private static final String MESSAGE =
            "Received: from a.example (a.example [192.0.2.1]) by b.example with ESMTPS id 1;\r\n"
                    + "\tThu, 1 Jan 2026 00:00:00 +0000\r\nFrom: Alice <alice@a.example>\r\nTo: Bob <bob@b.example>\r\n"
                    + "Subject: lunch\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@a.example>\r\n"
                    + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                    + "Do you like ketchup?\r\n".repeat(150);

    @Param({"0", "1", "5"})
    int filters;

    @Param({"false", "true"})
    boolean prompt;

    private final Client client = new Client(
            "s-1",
            "smtp",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            false,
            Optional.of("a.example"),
            Optional.empty());
    private final Envelope envelope = new Envelope(
            Optional.of(MailAddress.parse("alice@a.example")),
            List.of(new Recipient(MailAddress.parse("bob@b.example"))),
            Map.of(Envelope.HELO, "a.example"));
    private final Content content = new Octets(MESSAGE.getBytes(StandardCharsets.US_ASCII));
    private final MailId id = new MailId("M1");
    private DefaultFilterChain chain;

    private record Octets(byte[] octets) implements Content {
        @Override
        public long length() {
            return octets.length;
        }

        @Override
        public InputStream open(long offset, long count) {
            return new ByteArrayInputStream(octets, (int) offset, (int) count);
        }
    }

    private record Plugged(Object key, String name, long id, boolean prompt) implements Source {
        @Override
        public int ranking() {
            return 0;
        }

        @Override
        public Origin origin() {
            return new Origin(1, 1, "org.example", "1");
        }

        @Override
        public Object get() {
            return key;
        }

        @Override
        public void unget() {
            // Nobody counts.
        }
    }

    @Setup
    public void plugIn() {
        Limits limits = new Limits(10_000, 5_000, 16, 10, 60, 30, 3, true, Domains.ALL);
        chain = new DefaultFilterChain(
                null,
                new FilteringSettings(Set.of("f0"), List.of(), limits, 100, 2_000, 512 * 1024, 64 * 1024),
                System::nanoTime);
        if (filters == 0) {
            chain.board()
                    .configure(new FilteringSettings(Set.of(), List.of(), limits, 100, 2_000, 512 * 1024, 64 * 1024));
        }
        for (int i = 0; i < filters; i++) {
            MessageFilter filter = new Accepting();
            chain.board().add(Kind.MESSAGE, new Plugged(filter, "f" + i, i, prompt));
        }
        while (chain.board().line(Stage.MESSAGE).entries().size() < filters) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static final class Accepting implements MessageFilter {
        @Override
        public Verdict message(IncomingMail mail) {
            return Verdict.ACCEPT;
        }
    }

    @TearDown
    public void stop() {
        chain.stop();
    }

    @Benchmark
    public FilterChain.Result mail() {
        return chain.message(id, client, envelope, content);
    }
}
