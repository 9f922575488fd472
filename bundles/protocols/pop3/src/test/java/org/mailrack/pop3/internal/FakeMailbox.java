package org.mailrack.pop3.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.FlagChange;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.store.StoreException;

/** An INBOX whose failures a test can choose. What works is tested with real mailboxes too. */
final class FakeMailbox {

    private record Stored(MessageRow row, byte[] octets) {}

    private final List<Stored> messages = new ArrayList<>();
    private long nextUid = 1;
    int opened;
    int closed;
    int streamsOpen;
    boolean failsToOpen;
    boolean failsToExpunge;
    boolean failsToRead;
    boolean failsWhileReading;

    FakeMailbox add(String message) {
        return add(message.getBytes(StandardCharsets.UTF_8));
    }

    FakeMailbox add(byte[] octets) {
        long uid = nextUid++;
        messages.add(new Stored(
                new MessageRow(uid, uid, Flags.NONE, octets.length, Instant.EPOCH, new ContentRef("c" + uid)), octets));
        return this;
    }

    List<Long> uids() {
        return messages.stream().map(m -> m.row.uid()).toList();
    }

    List<Long> seen() {
        return messages.stream()
                .map(Stored::row)
                .filter(r -> r.flags().has(Flags.SEEN))
                .map(MessageRow::uid)
                .toList();
    }

    Mailboxes mailboxes() {
        return (Mailboxes) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Mailboxes.class}, (proxy, method, args) -> {
                    if (!method.getName().equals("open") || !args[1].equals("INBOX")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    if (failsToOpen) {
                        throw new StoreException(StoreException.Kind.UNAVAILABLE, "stopping");
                    }
                    opened++;
                    return handle();
                });
    }

    private Mailbox handle() {
        return (Mailbox) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Mailbox.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "view" -> view();
                    case "content" -> content((ContentRef) args[0]);
                    case "expunge" -> expunge((UidSet) args[0]);
                    case "changeFlags" -> changeFlags((UidSet) args[0], (FlagChange) args[1]);
                    case "close" -> {
                        closed++;
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private UidSet expunge(UidSet uids) {
        if (failsToExpunge) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "stopping");
        }
        messages.removeIf(m -> uids.contains(m.row.uid()));
        return uids;
    }

    private Mailbox.FlagResult changeFlags(UidSet uids, FlagChange change) {
        messages.replaceAll(m -> {
            MessageRow r = m.row;
            return uids.contains(r.uid())
                    ? new Stored(
                            new MessageRow(
                                    r.uid(),
                                    r.modSeq(),
                                    change.applyTo(r.flags()),
                                    r.size(),
                                    r.internalDate(),
                                    r.content()),
                            m.octets)
                    : m;
        });
        return new Mailbox.FlagResult(uids, UidSet.EMPTY);
    }

    private Content content(ContentRef ref) {
        byte[] octets = messages.stream()
                .filter(m -> m.row.content().equals(ref))
                .findFirst()
                .orElseThrow(() -> new StoreException(StoreException.Kind.NOT_FOUND, "gone"))
                .octets;
        if (failsToRead) {
            throw new StoreException(StoreException.Kind.DAMAGED, "checksum");
        }
        return new Content() {
            @Override
            public long length() {
                return octets.length;
            }

            @Override
            public InputStream open(long offset, long count) {
                streamsOpen++;
                return new ByteArrayInputStream(octets, (int) offset, (int) count) {
                    @Override
                    public int read(byte[] into) throws IOException {
                        if (failsWhileReading) {
                            throw new IOException("disk");
                        }
                        return super.read(into);
                    }

                    @Override
                    public void close() {
                        streamsOpen--;
                    }
                };
            }
        };
    }

    private MailboxView view() {
        List<MessageRow> rows = messages.stream().map(Stored::row).toList();
        MailboxInfo info = new MailboxInfo(7, "bob@hamburger.edu", "INBOX", 1700000000L, nextUid, 1, Optional.empty());
        return new MailboxView() {
            @Override
            public MailboxInfo info() {
                return info;
            }

            @Override
            public int size() {
                return rows.size();
            }

            @Override
            public int unseen() {
                throw new UnsupportedOperationException();
            }

            @Override
            public long uid(int index) {
                return rows.get(index).uid();
            }

            @Override
            public long modSeq(int index) {
                return rows.get(index).modSeq();
            }

            @Override
            public Flags flags(int index) {
                return rows.get(index).flags();
            }

            @Override
            public long messageSize(int index) {
                return rows.get(index).size();
            }

            @Override
            public Instant internalDate(int index) {
                return rows.get(index).internalDate();
            }

            @Override
            public MessageRow row(int index) {
                return rows.get(index);
            }

            @Override
            public int indexOf(long uid) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int firstUnseen() {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<String> keywords() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void changedSince(long modSeq, IntConsumer visitor) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
