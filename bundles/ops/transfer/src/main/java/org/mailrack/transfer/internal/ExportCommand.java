package org.mailrack.transfer.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.felix.service.command.CommandSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Directory;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.StoreException;
import org.mailrack.transfer.internal.maildir.MaildirTarget;
import org.mailrack.transfer.internal.mbox.MboxTarget;

/** The command {@code export}: takes an account's mail out, in a form that other servers and programs read. */
@Component(
        service = ExportCommand.class,
        configurationPid = ImportCommand.PID,
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=export",
            "mailrack.command.help=takes an account's mail out, as a Maildir or mbox files"
        })
public final class ExportCommand {

    private static final Logger log = LoggerFactory.getLogger(ExportCommand.class);

    private static final String USAGE = "export maildir|mbox ACCOUNT PATH [--folder NAME]...";
    private static final Set<String> OPTIONS = Set.of("--folder");

    private final Mailboxes mailboxes;
    private final Directory directory;
    private volatile Limits limits;

    /** Exports from these mailboxes. */
    @Activate
    public ExportCommand(@Reference Mailboxes mailboxes, @Reference Directory directory, TransferConfig config) {
        this(mailboxes, directory, Limits.of(config));
    }

    ExportCommand(Mailboxes mailboxes, Directory directory, Limits limits) {
        this.mailboxes = mailboxes;
        this.directory = directory;
        this.limits = limits;
    }

    @Modified
    void modified(TransferConfig config) {
        limits = Limits.of(config);
    }

    /** The command. */
    public Object export(CommandSession session, String... args) throws InterruptedException {
        Words words = new Words(USAGE, OPTIONS, args);
        if (!Set.of("maildir", "mbox").contains(words.format())) {
            throw words.wrong();
        }
        String account = words.account(directory);
        Path path = words.path(session.currentDir());
        List<MailboxInfo> which = which(account, words.all("--folder"));
        // The thread's own stream, which is the client's.
        Progress progress = new Progress(System.err, limits.maxReported(), System::nanoTime);
        long begun = System.nanoTime();
        List<Map<String, Object>> rows;
        try {
            checkFree(path);
            MailTarget target = words.format().equals("maildir")
                    ? new MaildirTarget(path, directory.hostname())
                    : new MboxTarget(path, words.all("--folder").size() == 1, withMessages(account, which));
            rows = new Exporter(mailboxes, account, target, progress).run(which);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot write " + path + ": " + Reasons.of(e), e);
        }
        long exported =
                rows.stream().mapToLong(row -> (long) row.get("exported")).sum();
        log.info(
                "export done account={} format={} path={} mailboxes={} messages={} problems={} time={}s",
                account,
                words.format(),
                path,
                rows.size(),
                exported,
                progress.problems(),
                (System.nanoTime() - begun) / 1_000_000_000);
        if (progress.problems() > 0) {
            throw new IllegalArgumentException(
                    exported + " messages were exported, with " + progress.problems() + " problems");
        }
        return rows;
    }

    private List<MailboxInfo> which(String account, List<String> names) {
        List<MailboxInfo> all = mailboxes.list(account);
        List<String> wanted = names.stream().map(Words::mailbox).toList();
        for (String name : wanted) {
            if (all.stream().noneMatch(info -> info.name().equals(name))) {
                throw new IllegalArgumentException("there is no mailbox " + name + " of " + account);
            }
        }
        return all.stream()
                .filter(info -> wanted.isEmpty() || wanted.contains(info.name()))
                .toList();
    }

    private Set<String> withMessages(String account, List<MailboxInfo> which) {
        return which.stream()
                .map(MailboxInfo::name)
                .filter(name -> {
                    try {
                        return mailboxes.counts(account, name).messages() > 0;
                    } catch (StoreException e) {
                        // Said when its turn comes.
                        return true;
                    }
                })
                .collect(Collectors.toSet());
    }

    /** Nothing that is there is changed. */
    private static void checkFree(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                if (entries.iterator().hasNext()) {
                    throw new IllegalArgumentException(path + " is not empty; an export makes a new folder");
                }
            }
        } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException(path + " is there already; an export overwrites nothing");
        }
    }
}
