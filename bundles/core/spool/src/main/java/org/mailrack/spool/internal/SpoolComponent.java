package org.mailrack.spool.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Envelope;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.SpoolJournal;

/** The spool as a service. */
@Component(immediate = true, service = Spool.class, configurationPid = "org.mailrack.spool")
@Designate(ocd = SpoolComponent.Config.class)
public final class SpoolComponent implements Spool {

    /** The settings. */
    @ObjectClassDefinition(name = "Mailrack spool", description = "The durable queue of accepted mail.")
    public @interface Config {

        @AttributeDefinition(
                name = "max.mails",
                description = "Mails that may be in the queue; more are deferred with 452.",
                min = "1")
        int max_mails() default 500_000;

        @AttributeDefinition(
                name = "checkpoint.size",
                description = "Octets of journal entries after which a checkpoint is written.",
                min = "1024")
        long checkpoint_size() default 64 << 20;

        @AttributeDefinition(
                name = "checkpoint.entries",
                description = "Journal entries after which a checkpoint is written.",
                min = "1")
        long checkpoint_entries() default 100_000;

        @AttributeDefinition(
                name = "checkpoint.contents",
                description =
                        "Octets of accepted messages after which a checkpoint is written; space of removed messages comes"
                                + " back only behind the checkpoint before the last.",
                min = "1048576")
        long checkpoint_contents() default 256 << 20;
    }

    private final JournaledSpool spool;

    @Activate
    public SpoolComponent(@Reference SpoolJournal journal, @Reference ContentStore contents, Config config) {
        require("max.mails", config.max_mails(), 1);
        require("checkpoint.size", config.checkpoint_size(), 1024);
        require("checkpoint.entries", config.checkpoint_entries(), 1);
        require("checkpoint.contents", config.checkpoint_contents(), 1 << 20);
        spool = new JournaledSpool(
                journal,
                contents,
                new JournaledSpool.Limits(
                        config.max_mails(),
                        config.checkpoint_size(),
                        config.checkpoint_entries(),
                        config.checkpoint_contents()),
                Clock.systemUTC());
    }

    private static void require(String setting, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException("org.mailrack.spool: " + setting + " is less than " + min);
        }
    }

    @Deactivate
    void deactivate() {
        spool.close();
    }

    @Override
    public MailId newId() {
        return spool.newId();
    }

    @Override
    public ContentWriter create() {
        return spool.create();
    }

    @Override
    public CompletionStage<SpooledMail> accept(MailId id, Envelope envelope, ContentWriter content) {
        return spool.accept(id, envelope, content);
    }

    @Override
    public List<SpooledMail> take(int max) {
        return spool.take(max);
    }

    @Override
    public CompletionStage<Void> settle(Collection<SpooledMail> mails) {
        return spool.settle(mails);
    }

    @Override
    public CompletionStage<Void> settleSoon(Collection<SpooledMail> mails) {
        return spool.settleSoon(mails);
    }

    @Override
    public Optional<Instant> nextDue() {
        return spool.nextDue();
    }

    @Override
    public Registration listen(Runnable listener) {
        return spool.listen(listener);
    }

    @Override
    public List<SpooledMail> list(Optional<MailId> after, int max) {
        return spool.list(after, max);
    }

    @Override
    public Optional<SpooledMail> find(MailId id) {
        return spool.find(id);
    }

    @Override
    public void references(References visitor) {
        spool.references(visitor);
    }

    @Override
    public int size() {
        return spool.size();
    }

    @Override
    public int retryNow(Collection<MailId> ids) {
        return spool.retryNow(ids);
    }

    @Override
    public int hold(Collection<MailId> ids, String reason) {
        return spool.hold(ids, reason);
    }

    @Override
    public int remove(Collection<MailId> ids) {
        return spool.remove(ids);
    }
}
