package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mailbox.MailboxCounts;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.StoreException;

/** The operator's command {@code mailbox}. */
@Component(
        service = MailboxCommand.class,
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=mailbox",
            "mailrack.command.help=the mailboxes of an account: list"
        })
public final class MailboxCommand {

    private static final String USAGE = "usage: mailbox list ACCOUNT";

    private final Mailboxes mailboxes;
    private final Directory directory;

    /** Commands on these mailboxes; the directory says which accounts there are. */
    @Activate
    public MailboxCommand(@Reference Mailboxes mailboxes, @Reference Directory directory) {
        this.mailboxes = mailboxes;
        this.directory = directory;
    }

    /** Runs the command. */
    public Object mailbox(String... args) {
        if (args.length == 2 && args[0].equals("list")) {
            return list(account(args[1]));
        }
        throw new IllegalArgumentException(USAGE);
    }

    /** Looking at mailboxes makes them: so only at those of an account that there is. */
    private String account(String name) {
        try {
            return directory
                    .account(MailAddress.parse(name.toLowerCase(Locale.ROOT)))
                    .orElseThrow(() -> new IllegalArgumentException("There is no account " + name + "."))
                    .name();
        } catch (AddressException e) {
            throw new IllegalArgumentException(name + " is no account name: " + e.getMessage() + ".", e);
        }
    }

    private List<Map<String, Object>> list(String account) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (MailboxInfo info : mailboxes.list(account)) {
            MailboxCounts counts;
            try {
                counts = mailboxes.counts(account, info.name());
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.NOT_FOUND) {
                    continue;
                }
                throw new IllegalArgumentException(
                        "The mailbox " + info.name() + " cannot be read: " + e.getMessage(), e);
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", info.name());
            row.put("messages", counts.messages());
            row.put("unseen", counts.unseen());
            row.put("size", counts.size());
            row.put("uidValidity", counts.info().uidValidity());
            row.put("uidNext", counts.info().uidNext());
            row.put("modSeq", counts.info().highestModSeq());
            rows.add(row);
        }
        return rows;
    }
}
