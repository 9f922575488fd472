package org.mailrack.transfer.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.felix.service.command.CommandSession;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MailboxView;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.mailbox.internal.MailboxLimits;
import org.mailrack.mailbox.internal.MailboxesImpl;
import org.mailrack.testkit.InMemoryContentStore;
import org.mailrack.testkit.InMemoryMailboxStore;

/** Mailboxes over stores in memory, with both commands as an operator gives them in a folder. */
public final class Rig {

    public static final String ALICE = "alice@crepes.fr";
    public static final String BOB = "bob@crepes.fr";
    public static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");
    static final Limits LIMITS = new Limits(3, 1 << 20, 1 << 20, 4096, 100);

    public final InMemoryContentStore contents = new InMemoryContentStore();
    public final Mailboxes mailboxes = new MailboxesImpl(new InMemoryMailboxStore(), contents, MailboxLimits.DEFAULTS);
    final Path folder;
    private final ImportCommand imports;
    private final ExportCommand exports;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    public Rig(Path folder) {
        this(folder, LIMITS);
    }

    Rig(Path folder, Limits limits) {
        this.folder = folder;
        imports = new ImportCommand(mailboxes, contents, DIRECTORY, folder.resolve("tmp"), limits);
        exports = new ExportCommand(mailboxes, DIRECTORY, limits);
    }

    /** A message in a mailbox of ours, as {@link #messages} tells it. */
    public record Told(String text, String flags, Instant date) {}

    public Object imports(String... words) throws InterruptedException {
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return imports._import(session(), words);
        } finally {
            System.setErr(before);
        }
    }

    public Object exports(String... words) throws InterruptedException {
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return exports.export(session(), words);
        } finally {
            System.setErr(before);
        }
    }

    /** What the operator was told meanwhile. */
    public String told() {
        String text = err.toString(StandardCharsets.UTF_8);
        err.reset();
        return text;
    }

    public void append(String account, String mailbox, String text, String... flags) {
        if (mailboxes.find(account, mailbox).isEmpty()) {
            mailboxes.create(account, mailbox, Optional.empty());
        }
        ContentWriter writer = mailboxes.create();
        writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        mailboxes.append(account, mailbox, writer, Flags.of(flags), NOON);
    }

    public List<Told> messages(String account, String mailbox) throws IOException {
        List<Told> messages = new ArrayList<>();
        try (Mailbox open = mailboxes.open(account, mailbox)) {
            MailboxView view = open.view();
            for (int i = 0; i < view.size(); i++) {
                try (InputStream in = open.content(view.row(i).content()).open()) {
                    messages.add(new Told(
                            new String(in.readAllBytes(), StandardCharsets.ISO_8859_1),
                            view.flags(i).toString(),
                            view.internalDate(i)));
                }
            }
        }
        return messages;
    }

    public List<String> texts(String account, String mailbox) throws IOException {
        return messages(account, mailbox).stream().map(Told::text).toList();
    }

    List<String> names(String account) {
        return mailboxes.list(account).stream().map(MailboxInfo::name).toList();
    }

    private CommandSession session() {
        return (CommandSession) Proxy.newProxyInstance(
                Rig.class.getClassLoader(), new Class<?>[] {CommandSession.class}, (proxy, method, args) -> {
                    if (method.getName().equals("currentDir")) {
                        return folder;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private static final Directory DIRECTORY = new Directory() {
        @Override
        public String hostname() {
            return "mail.crepes.fr";
        }

        @Override
        public boolean isLocal(String domain) {
            return true;
        }

        @Override
        public Optional<Account> account(MailAddress address) {
            return Optional.of(address.toString())
                    .filter(List.of(ALICE, BOB)::contains)
                    .map(Account::new);
        }

        @Override
        public List<MailAddress> alias(MailAddress address) {
            return List.of();
        }

        @Override
        public boolean accepts(MailAddress address) {
            return true;
        }
    };
}
