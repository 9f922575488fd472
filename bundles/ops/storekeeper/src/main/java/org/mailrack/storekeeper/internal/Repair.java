package org.mailrack.storekeeper.internal;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.mailbox.MessageEnvelope;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.api.mailbox.UidSet;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.ContentSurvey.Finding;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;

/**
 * Puts a note in the place of each message whose content is gone, so that clients which fetch a mailbox as a whole can do so again,
 * and holds such mail of the queue. What is damaged and still there is left as it is: a backup, or a better tool, may bring it back.
 */
final class Repair {

    private static final Logger log = LoggerFactory.getLogger(Repair.class);
    private static final int AT_ONCE = 500;
    /** More are repaired by another run. */
    private static final int MOST = 100_000;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final ContentStore contents;
    private final Spool spool;
    private final MailboxStore store;
    private final Mailboxes mailboxes;
    private final Holders holders;
    private final String hostname;

    Repair(
            ContentStore contents,
            Spool spool,
            MailboxStore store,
            Mailboxes mailboxes,
            Holders holders,
            String hostname) {
        this.contents = contents;
        this.spool = spool;
        this.store = store;
        this.mailboxes = mailboxes;
        this.holders = holders;
        this.hostname = hostname;
    }

    /** Runs it; returns figures. */
    Map<String, Object> run(PrintStream out) {
        Set<ContentRef> missing = new HashSet<>();
        long damaged = find(missing);
        int replaced = 0;
        int held = 0;
        if (!missing.isEmpty()) {
            held = holdMail(missing);
            long last = 0;
            for (List<MailboxInfo> some = store.mailboxes(last, AT_ONCE);
                    !some.isEmpty();
                    some = store.mailboxes(last, AT_ONCE)) {
                for (MailboxInfo mailbox : some) {
                    last = mailbox.id();
                    replaced += repair(mailbox, missing, out);
                }
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("replaced", replaced);
        figures.put("held", held);
        figures.put("damaged", damaged);
        log.info("store repaired replaced={} held={} damaged={}", replaced, held, damaged);
        return figures;
    }

    /** Collects contents that are gone; returns how many are damaged. */
    private long find(Set<ContentRef> missing) {
        Registration hold = contents.hold();
        try {
            long damaged = 0;
            Optional<String> from = Optional.empty();
            do {
                try (ContentSurvey survey = contents.survey(new ContentSurvey.Options(Duration.ofHours(1), 0, from))) {
                    holders.references(survey);
                    from = survey.rest();
                    damaged += collect(survey, missing);
                }
            } while (from.isPresent());
            return damaged;
        } finally {
            hold.close();
        }
    }

    private static long collect(ContentSurvey survey, Set<ContentRef> missing) {
        long[] damaged = {0};
        survey.verify(
                finding -> {
                    if (finding.kind() == Finding.Kind.MISSING && missing.size() < MOST) {
                        finding.content().ifPresent(missing::add);
                    } else if (finding.kind() == Finding.Kind.DAMAGED) {
                        damaged[0]++;
                    }
                },
                octets -> {});
        return damaged[0];
    }

    private int holdMail(Set<ContentRef> missing) {
        List<MailId> ids = new ArrayList<>();
        Optional<MailId> after = Optional.empty();
        for (List<SpooledMail> some = spool.list(after, AT_ONCE); !some.isEmpty(); some = spool.list(after, AT_ONCE)) {
            for (SpooledMail mail : some) {
                if (mail.held().isEmpty() && isGone(mail.content(), missing)) {
                    ids.add(mail.id());
                }
            }
            after = Optional.of(some.get(some.size() - 1).id());
        }
        return ids.isEmpty() ? 0 : spool.hold(ids, "its content is gone");
    }

    /** A survey has said so, and it still cannot be opened. */
    private boolean isGone(ContentRef ref, Set<ContentRef> missing) {
        if (!missing.contains(ref)) {
            return false;
        }
        try {
            contents.open(ref);
            return false;
        } catch (StoreException e) {
            return e.kind() == StoreException.Kind.NOT_FOUND || e.kind() == StoreException.Kind.DAMAGED;
        }
    }

    private int repair(MailboxInfo info, Set<ContentRef> missing, PrintStream out) {
        List<MessageRow> lost = new ArrayList<>();
        try {
            store.messages(info.id(), row -> {
                if (isGone(row.content(), missing)) {
                    lost.add(row);
                }
            });
            if (lost.isEmpty()) {
                return 0;
            }
            try (Mailbox mailbox = mailboxes.open(info.account(), info.name())) {
                for (MessageRow row : lost) {
                    replace(info, mailbox, row);
                    out.println(info.account() + " " + info.name() + " UID " + row.uid() + " is replaced by a note");
                }
            }
        } catch (StoreException e) {
            out.println(info.account() + " " + info.name() + " is not repaired: " + e.getMessage());
            log.warn(
                    "mailbox not repaired account={} mailbox={} reason=\"{}\"",
                    info.account(),
                    info.name(),
                    e.getMessage());
            return 0;
        }
        return lost.size();
    }

    /** First the note, then the message goes: a crash between leaves both. */
    private void replace(MailboxInfo info, Mailbox mailbox, MessageRow row) {
        ContentWriter writer = mailboxes.create();
        try {
            writer.write(ByteBuffer.wrap(note(mailbox, row).getBytes(StandardCharsets.UTF_8)));
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
        long note = mailboxes
                .append(info.account(), info.name(), writer, row.flags(), row.internalDate())
                .uid();
        mailbox.expunge(UidSet.of(row.uid()));
        log.warn(
                "message replaced by a note account={} mailbox={} uid={} content={} note={}",
                info.account(),
                info.name(),
                row.uid(),
                row.content(),
                note);
    }

    private String note(Mailbox mailbox, MessageRow row) {
        StringBuilder lines = new StringBuilder();
        String subject = "a message";
        try {
            MessageEnvelope envelope = mailbox.envelope(row);
            subject = envelope.subject().map(Repair::plain).orElse(subject);
            envelope.from().stream()
                    .filter(from -> from.mailbox().isPresent() && from.host().isPresent())
                    .findFirst()
                    .ifPresent(from -> lines.append("From: ")
                            .append(plain(
                                    from.mailbox().get() + '@' + from.host().get()))
                            .append("\r\n"));
            envelope.date()
                    .ifPresent(
                            date -> lines.append("Date: ").append(plain(date)).append("\r\n"));
            envelope.messageId()
                    .ifPresent(
                            id -> lines.append("Message-ID: ").append(plain(id)).append("\r\n"));
        } catch (StoreException e) {
            log.debug("nothing known of the message's header uid={} reason=\"{}\"", row.uid(), e.getMessage());
        }
        return "From: Mail system <postmaster@" + hostname + ">\r\n"
                + "Subject: [lost] " + subject + "\r\n"
                + "Date: " + DATE.format(Instant.now()) + "\r\n"
                + "Message-ID: <" + UUID.randomUUID() + "@" + hostname + ">\r\n"
                + "MIME-Version: 1.0\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n"
                + "Auto-Submitted: auto-generated\r\n"
                + "\r\n"
                + "The message that was here is lost: the server's disk no longer has it.\r\n"
                + "What is still known of it:\r\n"
                + "\r\n"
                + lines
                + "Received: " + DATE.format(row.internalDate()) + "\r\n"
                + "Size: " + row.size() + " octets\r\n";
    }

    /** A text of a lost header in one line that may stand in a header. */
    private static String plain(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > 500 ? line.substring(0, 500) : line;
    }
}
