package org.mailrack.transfer.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Directory;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.ContentStore;
import org.mailrack.transfer.internal.maildir.MaildirSource;
import org.mailrack.transfer.internal.mbox.MboxSource;

/** The command {@code import}: brings mail of another server or program in. */
@Component(
        service = ImportCommand.class,
        configurationPid = ImportCommand.PID,
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=import",
            "mailrack.command.help=brings in a Maildir or mbox files; repeated, it adds what is missing"
        })
@Designate(ocd = TransferConfig.class)
public final class ImportCommand {

    /** Names the configuration of both commands. */
    static final String PID = "org.mailrack.transfer";

    private static final Logger log = LoggerFactory.getLogger(ImportCommand.class);

    private static final String USAGE = "import maildir|mbox ACCOUNT PATH [--folder NAME]... [--into MAILBOX]"
            + " [--zone ZONE] [--quoting mboxrd|mboxo]";
    private static final Set<String> OPTIONS = Set.of("--folder", "--into", "--zone", "--quoting");

    private final Mailboxes mailboxes;
    private final ContentStore contents;
    private final Directory directory;
    private final Path temporary;
    private volatile Limits limits;

    /** Imports to these mailboxes. */
    @Activate
    public ImportCommand(
            BundleContext context,
            @Reference Mailboxes mailboxes,
            @Reference ContentStore contents,
            @Reference Directory directory,
            TransferConfig config) {
        this(mailboxes, contents, directory, temporary(context), Limits.of(config));
    }

    ImportCommand(Mailboxes mailboxes, ContentStore contents, Directory directory, Path temporary, Limits limits) {
        this.mailboxes = mailboxes;
        this.contents = contents;
        this.directory = directory;
        this.temporary = temporary;
        this.limits = limits;
    }

    private static Path temporary(BundleContext context) {
        String base = context.getProperty("mailrack.base");
        return base == null ? Path.of(System.getProperty("java.io.tmpdir")) : Path.of(base, "data", "tmp");
    }

    @Modified
    void modified(TransferConfig config) {
        limits = Limits.of(config);
    }

    /** The command; the name that Gogo looks for, because Java has the word {@code import} for itself. */
    public Object _import(CommandSession session, String... args) throws InterruptedException {
        Words words = new Words(USAGE, OPTIONS, args);
        String account = words.account(directory);
        Path path = words.path(session.currentDir());
        MailSource source = source(words, path);
        Set<String> only = new LinkedHashSet<>();
        words.all("--folder").forEach(name -> only.add(Words.mailbox(name)));
        Optional<String> into = words.last("--into").map(Words::mailbox);
        // The thread's own stream, which is the client's.
        Progress progress = new Progress(System.err, limits.maxReported(), System::nanoTime);
        long begun = System.nanoTime();
        List<Map<String, Object>> rows;
        try {
            rows = Importer.run(contents, mailboxes, limits, account, source, only, into, progress);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + path + ": " + Reasons.of(e), e);
        }
        long imported =
                rows.stream().mapToLong(row -> (long) row.get("imported")).sum();
        log.info(
                "import done account={} format={} path={} folders={} messages={} problems={} time={}s",
                account,
                words.format(),
                path,
                rows.size(),
                imported,
                progress.problems(),
                (System.nanoTime() - begun) / 1_000_000_000);
        if (progress.problems() > 0) {
            throw new IllegalArgumentException(
                    imported + " messages were imported, and " + progress.problems() + " things were passed over");
        }
        return rows;
    }

    private MailSource source(Words words, Path path) {
        boolean mboxOptions =
                words.last("--zone").isPresent() || words.last("--quoting").isPresent();
        if (words.format().equals("maildir") && !mboxOptions) {
            return new MaildirSource(path, temporary, limits.sortMemory());
        }
        if (!words.format().equals("mbox")) {
            throw words.wrong();
        }
        String quoting = words.last("--quoting").orElse("mboxrd");
        if (!Set.of("mboxrd", "mboxo").contains(quoting)) {
            throw words.wrong();
        }
        return new MboxSource(path, zone(words), quoting.equals("mboxo"));
    }

    private static ZoneId zone(Words words) {
        String zone = words.last("--zone").orElse("Z");
        try {
            return ZoneId.of(zone, ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    zone + " is no time zone such as Europe/Paris or " + ZoneOffset.ofHours(2), e);
        }
    }
}
