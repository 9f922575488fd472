package org.mailrack.imap.internal.command;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.StoreException;
import org.mailrack.imap.internal.codec.LiteralSink;
import org.mailrack.imap.internal.session.CommandException;
import org.mailrack.imap.internal.session.Failures;
import org.mailrack.imap.internal.session.ImapSession;

/**
 * A message on its way into a mailbox. Line ends become CRLF, as every content has them; NUL is refused, because no literal can
 * give it back.
 */
final class AppendSink implements LiteralSink {

    private final ImapSession session;
    private final String mailbox;
    private final Flags flags;
    private final Instant date;
    private final ContentWriter writer;
    private final ByteBuffer block = ByteBuffer.allocate(8 * 1024);
    private boolean afterCr;

    AppendSink(ImapSession session, String mailbox, Flags flags, Instant date) {
        this.session = session;
        this.mailbox = mailbox;
        this.flags = flags;
        this.date = date;
        this.writer = session.mailboxes().create();
    }

    @Override
    public void write(ByteBuffer octets) {
        while (octets.hasRemaining()) {
            byte octet = octets.get();
            if (block.remaining() < 4) {
                writeBlock();
            }
            if (octet == '\n' || afterCr) {
                block.put((byte) '\r').put((byte) '\n');
            }
            afterCr = octet == '\r';
            if (octet == 0) {
                throw CommandException.no("CANNOT", "NUL in the message");
            }
            if (octet != '\n' && octet != '\r') {
                block.put(octet);
            }
        }
    }

    private void writeBlock() {
        block.flip();
        try {
            writer.write(block);
        } catch (StoreException e) {
            throw new CommandException(Failures.response(session.connection().id(), e));
        }
        block.clear();
    }

    /** Appends messages, which are whole, all or none. */
    static List<Mailboxes.Appended> append(List<AppendSink> messages) {
        AppendSink first = messages.get(0);
        messages.forEach(AppendSink::finish);
        Mailboxes mailboxes = first.session.mailboxes();
        String account = first.session.account();
        if (messages.size() == 1) {
            return List.of(mailboxes.append(account, first.mailbox, first.writer, first.flags, first.date));
        }
        return mailboxes.append(
                account,
                first.mailbox,
                messages.stream()
                        .map(one -> new Mailboxes.NewMessage(one.writer, one.flags, one.date))
                        .toList());
    }

    private void finish() {
        if (afterCr) {
            block.put((byte) '\r').put((byte) '\n');
        }
        writeBlock();
    }

    @Override
    public void close() {
        writer.close();
    }
}
