package org.mailrack.content.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.Content;
import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.store.BackupPart;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.ContentSurvey;
import org.mailrack.api.store.SpoolJournal;

/** The content log as a service, in {@code data/content} of the instance. */
@Component(
        immediate = true,
        service = {ContentStore.class, SpoolJournal.class, BackupPart.class},
        configurationPid = "org.mailrack.content.log")
@Designate(ocd = ContentLogComponent.Config.class)
public final class ContentLogComponent implements ContentStore, SpoolJournal, BackupPart {

    private static final Logger log = LoggerFactory.getLogger(ContentLogComponent.class);

    /** The settings. */
    @ObjectClassDefinition(
            name = "Mailrack content log",
            description = "Where the octets of messages and the queue's journal are kept.")
    public @interface Config {

        @AttributeDefinition(description = "The folder; empty for data/content of the instance.")
        String directory() default "";

        @AttributeDefinition(
                name = "segment.size",
                description = "Octets after which a new segment file is begun.",
                min = "1048576")
        long segment_size() default 64 << 20;

        @AttributeDefinition(
                name = "memory.per.message",
                description = "Octets of a message that are held in memory; a longer one goes to a file of its own.",
                min = "4096",
                max = "16777216")
        int memory_per_message() default 256 * 1024;

        @AttributeDefinition(name = "open.files", description = "Files that are open for reading at once.", min = "1")
        int open_files() default 64;

        @AttributeDefinition(
                name = "max.waiting",
                description = "Commits that may wait for the disk; more are refused for the moment.",
                min = "1")
        int max_waiting() default 10_000;

        @AttributeDefinition(
                name = "min.free.space",
                description = "Octets of free disk space below which no new message is taken.",
                min = "0")
        long min_free_space() default 64 << 20;

        @AttributeDefinition(
                name = "survey.memory",
                description =
                        "Octets of references that a check or a compaction holds in memory; what does not fit is looked at in"
                                + " another round.",
                min = "65536")
        long survey_memory() default 16 << 20;

        @AttributeDefinition(
                name = "written.ahead",
                description =
                        "Octets that are written as zeros before they are needed, which makes forcing to disk cheaper on most"
                                + " file systems; 0 for those that never write in place, as Btrfs and ZFS.",
                min = "0",
                max = "67108864")
        int written_ahead() default 1 << 20;
    }

    private final ContentLog contents;
    private final Set<String> names;

    @Activate
    public ContentLogComponent(BundleContext context, Config config) {
        Path base = base(context);
        Path folder = folder(base, config.directory());
        names = names(base.resolve("data"), folder);
        ContentLog.Limits limits = new ContentLog.Limits(
                atLeast("segment.size", config.segment_size(), 1 << 20),
                (int) atLeast("memory.per.message", config.memory_per_message(), 4096),
                (int) atLeast("open.files", config.open_files(), 1),
                (int) atLeast("max.waiting", config.max_waiting(), 1),
                atLeast("min.free.space", config.min_free_space(), 0),
                atLeast("survey.memory", config.survey_memory(), 65536),
                (int) atLeast("written.ahead", config.written_ahead(), 0));
        if (limits.memoryPerMessage() > 16 << 20) {
            throw new IllegalArgumentException("org.mailrack.content.log: memory.per.message is more than 16777216");
        }
        long start = System.nanoTime();
        try {
            contents = ContentLog.open(new NioDisk(folder), limits);
        } catch (IOException e) {
            throw new IllegalStateException("org.mailrack.content.log: cannot use its directory: " + reason(e), e);
        }
        log.info("content store ready folder={} time={}ms", folder, (System.nanoTime() - start) / 1_000_000);
    }

    @Deactivate
    void deactivate() {
        try {
            contents.close();
        } catch (IOException e) {
            log.warn("content store not closed cleanly reason={}", e.toString());
        }
    }

    @Override
    public ContentWriter create() {
        return contents.create();
    }

    @Override
    public CompletionStage<ContentRef> commit(ContentWriter writer) {
        return contents.commit(writer);
    }

    @Override
    public Content open(ContentRef ref) {
        return contents.open(ref);
    }

    @Override
    public CompletionStage<ContentRef> append(ByteBuffer entry, ContentWriter content) {
        return contents.append(entry, content);
    }

    @Override
    public CompletionStage<Void> append(ByteBuffer entry) {
        return contents.append(entry);
    }

    @Override
    public CompletionStage<Void> appendSoon(ByteBuffer entry) {
        return contents.appendSoon(entry);
    }

    @Override
    public void replay(Visitor visitor) {
        contents.replay(visitor);
    }

    @Override
    public CompletionStage<Void> checkpoint(List<ByteBuffer> entries) {
        return contents.checkpoint(entries);
    }

    @Override
    public Registration hold() {
        return contents.hold();
    }

    @Override
    public ContentSurvey survey(ContentSurvey.Options options) {
        return contents.survey(options);
    }

    @Override
    public Optional<String> owner() {
        return contents.owner();
    }

    @Override
    public void claim(String owner) {
        contents.claim(owner);
    }

    @Override
    public Kind kind() {
        return Kind.CONTENTS;
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public Copy begin() {
        return contents.copy();
    }

    private static Path base(BundleContext context) {
        String base = context.getProperty("mailrack.base");
        return Path.of(base == null ? "." : base).toAbsolutePath().normalize();
    }

    private static Path folder(Path base, String configured) {
        return configured.isBlank()
                ? base.resolve("data").resolve(LogCopy.FOLDER)
                : base.resolve(configured.strip()).normalize();
    }

    /** Wherever the contents are, a copy has them in the usual place. */
    private static Set<String> names(Path data, Path folder) {
        boolean below = folder.startsWith(data) && !folder.equals(data);
        String name = below ? data.relativize(folder).getName(0).toString() : LogCopy.FOLDER;
        return name.equals(LogCopy.FOLDER) ? Set.of(name) : Set.of(name, LogCopy.FOLDER);
    }

    private static long atLeast(String setting, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException("org.mailrack.content.log: " + setting + " is less than " + min);
        }
        return value;
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException
                ? "no permission for " + e.getMessage()
                : e.getMessage();
    }
}
