package org.mailrack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.mailrack.api.filter.Client;
import org.mailrack.api.filter.HeaderEdit;
import org.mailrack.api.filter.IncomingMail;
import org.mailrack.api.filter.MessageFilter;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.Header;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Recipient;

/** What every {@link MessageFilter} must do, whatever mail comes. A filter's test extends this and says how to make one. */
@Timeout(60)
public abstract class MessageFilterContract {

    private static final int THREADS = 8;

    /** A filter as it is after its start. */
    protected abstract MessageFilter filter() throws Exception;

    /** Mails of all sorts: without header, without body, with fields that are none. */
    private static List<Mail> mails() {
        AtomicInteger open = new AtomicInteger();
        List<Mail> mails = new ArrayList<>();
        mails.add(mail(open, List.of(new Header("From", "a@b.org"), new Header("Subject", "hello")), "body\r\n"));
        mails.add(mail(open, List.of(), ""));
        mails.add(mail(open, List.of(), "no header at all\r\n"));
        mails.add(mail(open, List.of(new Header("Subject", "")), "\r\n.\r\n"));
        mails.add(mail(open, List.of(new Header("Subject", "a".repeat(50_000))), "x".repeat(300_000)));
        mails.add(mail(
                open,
                List.of(new Header("Subject", "one"), new Header("subject", "two"), new Header("X", "\ufffd\ufffd")),
                "Gr\u00fc\u00dfe\r\n"));
        return mails;
    }

    private record Mail(AtomicInteger opened, List<Header> headers, String body) implements IncomingMail, Content {

        @Override
        public MailId id() {
            return new MailId("M1");
        }

        @Override
        public Client client() {
            InetSocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), 10025);
            return new Client("s-1", "smtp", remote, false, Optional.of("client.example"), Optional.empty());
        }

        @Override
        public Envelope envelope() {
            return new Envelope(
                    Optional.empty(), List.of(new Recipient(MailAddress.parse("bob@example.org"))), Map.of());
        }

        @Override
        public Optional<String> header(String name) {
            return headers.stream().filter(h -> h.is(name)).findFirst().map(Header::value);
        }

        @Override
        public Content content() {
            return this;
        }

        private byte[] octets() {
            StringBuilder text = new StringBuilder();
            headers.forEach(
                    h -> text.append(h.name()).append(": ").append(h.value()).append("\r\n"));
            return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public long length() {
            return octets().length;
        }

        @Override
        public InputStream open(long offset, long count) {
            opened.incrementAndGet();
            return new FilterInputStream(new ByteArrayInputStream(octets(), (int) offset, (int) count)) {
                private boolean closed;

                @Override
                public void close() throws IOException {
                    if (!closed) {
                        closed = true;
                        opened.decrementAndGet();
                    }
                    super.close();
                }
            };
        }
    }

    private static Mail mail(AtomicInteger open, List<Header> headers, String body) {
        return new Mail(open, headers, body);
    }

    private static void assertVerdict(Verdict verdict) {
        assertThat(verdict).as("verdict").isNotNull();
        if (verdict instanceof Verdict.Reject reject) {
            assertThat(reject.enhancedCode()).matches("5\\.\\d{1,3}\\.\\d{1,3}");
            assertThat(reject.text()).isNotBlank().doesNotContainPattern("\\p{Cntrl}");
        } else if (verdict instanceof Verdict.Defer defer) {
            assertThat(defer.enhancedCode()).matches("4\\.\\d{1,3}\\.\\d{1,3}");
            assertThat(defer.text()).isNotBlank().doesNotContainPattern("\\p{Cntrl}");
        } else if (verdict instanceof Verdict.Tag tag) {
            for (HeaderEdit edit : tag.edits()) {
                assertThat(edit.name()).matches("[!-9;-~]+");
                if (edit instanceof HeaderEdit.Add add) {
                    assertThat(add.value()).doesNotContainPattern("[\\p{Cntrl}&&[^\t]]");
                } else if (edit instanceof HeaderEdit.Set set) {
                    assertThat(set.value()).doesNotContainPattern("[\\p{Cntrl}&&[^\t]]");
                }
            }
        }
    }

    @Test
    void hasAVerdictOnAnyMail() throws Exception {
        MessageFilter filter = filter();
        for (Mail mail : mails()) {
            assertVerdict(filter.message(mail));
        }
    }

    @Test
    void isCalledBySeveralThreadsAtOnce() throws Exception {
        MessageFilter filter = filter();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Verdict>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                mails().forEach(mail -> calls.add(() -> filter.message(mail)));
            }
            for (Future<Verdict> verdict : threads.invokeAll(calls, 50, TimeUnit.SECONDS)) {
                assertVerdict(verdict.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void closesWhatItReads() throws Exception {
        MessageFilter filter = filter();
        for (Mail mail : mails()) {
            filter.message(mail);
            assertThat(mail.opened()).as("open streams").hasValue(0);
        }
    }

    @Test
    void leavesNoThreadForEachMail() throws Exception {
        MessageFilter filter = filter();
        // A pool of its own is a filter's right.
        for (Mail mail : mails()) {
            filter.message(mail);
        }
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        for (int i = 0; i < 20; i++) {
            for (Mail mail : mails()) {
                filter.message(mail);
            }
        }
        Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
        after.removeAll(before);
        assertThat(after).as("threads that came").hasSizeLessThan(20);
    }
}
