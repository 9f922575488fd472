package org.mailrack.backup.internal;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.store.BackupPart;
import org.mailrack.api.store.StoreException;

/** The command {@code backup}. */
@Component(
        service = BackupCommand.class,
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=backup",
            "mailrack.command.help=takes a backup while mail flows; it makes the folder that is named"
        })
public final class BackupCommand {

    private static final Logger log = LoggerFactory.getLogger(BackupCommand.class);
    private static final String USAGE = "usage: backup DIR";

    private final Path base;
    private final AtomicBoolean running = new AtomicBoolean();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<BackupPart> parts = List.of();

    /** Backs the instance up whose server this is. */
    @Activate
    public BackupCommand(BundleContext context) {
        String property = context.getProperty("mailrack.base");
        this.base = Path.of(property == null ? "." : property).toAbsolutePath().normalize();
    }

    /** Backs up an instance. For tests. */
    BackupCommand(Path base, List<BackupPart> parts) {
        this.base = base;
        this.parts = parts;
    }

    /** The command. */
    public Object backup(CommandSession session, String... words) throws InterruptedException {
        if (words.length != 1 || words[0].startsWith("-")) {
            throw new IllegalArgumentException(USAGE);
        }
        Path target = target(session.currentDir(), words[0]);
        if (!running.compareAndSet(false, true)) {
            throw new IllegalArgumentException("a backup is being taken already");
        }
        long begun = System.nanoTime();
        try {
            // The thread's own stream, which is the client's.
            Manifest.Total total = new Backup(base, parts, System.err::println).take(target);
            long seconds = (System.nanoTime() - begun) / 1_000_000_000;
            log.info(
                    "backup done folder={} files={} octets={} time={}s",
                    target,
                    total.files(),
                    total.octets(),
                    seconds);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("backup", target.toString());
            row.put("files", total.files());
            row.put("octets", total.octets());
            row.put("seconds", seconds);
            return List.of(row);
        } catch (IOException | StoreException e) {
            log.warn("backup failed folder={} reason=\"{}\"", target, e.toString());
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "no backup was made: %s", Backup.reason(e)), e);
        } finally {
            running.set(false);
        }
    }

    private static Path target(Path folder, String word) {
        try {
            return folder.resolve(word).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(word + " is no path: " + e.getReason(), e);
        }
    }
}
