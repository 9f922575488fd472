package org.mailrack.mailbox.internal;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

import org.mailrack.api.mail.ContentWriter;
import org.mailrack.api.mail.Registration;
import org.mailrack.api.mailbox.Flags;
import org.mailrack.api.mailbox.Mailbox;
import org.mailrack.api.mailbox.MailboxCounts;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.MailboxStore;

/** The mailbox service as a component. Immediate, so that the live views outlive the last protocol that used them. */
@Component(service = Mailboxes.class, immediate = true, configurationPid = MailboxesComponent.PID)
@Designate(ocd = MailboxConfig.class)
public final class MailboxesComponent implements Mailboxes {

    /** Names the configuration. */
    static final String PID = "org.mailrack.mailbox";

    private final MailboxesImpl mailboxes;

    /** Begins with these stores. Snapshots of views are in {@code data/views}. */
    @Activate
    public MailboxesComponent(
            BundleContext context,
            @Reference MailboxStore store,
            @Reference ContentStore contents,
            MailboxConfig config) {
        String base = context.getProperty("mailrack.base");
        Path folder =
                Path.of(base == null ? "." : base).toAbsolutePath().normalize().resolve("data/views");
        mailboxes = new MailboxesImpl(store, contents, limits(config), Optional.of(folder));
    }

    @Modified
    void modified(MailboxConfig config) {
        mailboxes.limits(limits(config));
    }

    @Deactivate
    void deactivate() {
        mailboxes.close();
    }

    private static MailboxLimits limits(MailboxConfig config) {
        List<String> autocreate = Arrays.stream(config.autocreate())
                .flatMap(names -> Arrays.stream(names.split(",")))
                .map(String::strip)
                .toList();
        return new MailboxLimits(
                config.max_name_length(),
                config.max_depth(),
                config.max_mailboxes(),
                config.max_subscriptions(),
                config.max_keywords(),
                new ViewLimits(
                        config.max_idle_views(),
                        config.max_view_octets(),
                        config.snapshot_rows(),
                        config.snapshot_interval(),
                        config.max_snapshot_octets(),
                        config.preload_octets()),
                config.max_cached_octets(),
                config.max_details(),
                config.max_search_terms(),
                config.max_search_depth(),
                autocreate,
                new MimeLimits(config.mime_max_header(), config.mime_max_depth(), config.mime_max_parts()));
    }

    @Override
    public List<MailboxInfo> list(String account) {
        return mailboxes.list(account);
    }

    @Override
    public Optional<MailboxInfo> find(String account, String name) {
        return mailboxes.find(account, name);
    }

    @Override
    public MailboxCounts counts(String account, String name) {
        return mailboxes.counts(account, name);
    }

    @Override
    public MailboxInfo create(String account, String name, Optional<String> specialUse) {
        return mailboxes.create(account, name, specialUse);
    }

    @Override
    public void delete(String account, String name) {
        mailboxes.delete(account, name);
    }

    @Override
    public void rename(String account, String from, String to) {
        mailboxes.rename(account, from, to);
    }

    @Override
    public Set<String> subscriptions(String account) {
        return mailboxes.subscriptions(account);
    }

    @Override
    public void subscribe(String account, String name, boolean subscribed) {
        mailboxes.subscribe(account, name, subscribed);
    }

    @Override
    public Mailbox open(String account, String name) {
        return mailboxes.open(account, name);
    }

    @Override
    public ContentWriter create() {
        return mailboxes.create();
    }

    @Override
    public Appended append(String account, String name, ContentWriter content, Flags flags, Instant internalDate) {
        return mailboxes.append(account, name, content, flags, internalDate);
    }

    @Override
    public List<Appended> append(String account, String name, List<NewMessage> messages) {
        return mailboxes.append(account, name, messages);
    }

    @Override
    public List<Delivered> deliver(List<ToDeliver> batch) {
        return mailboxes.deliver(batch);
    }

    @Override
    public Set<String> delivered(String account, String name, Collection<String> keys) {
        return mailboxes.delivered(account, name, keys);
    }

    @Override
    public void deleteAccount(String account) {
        mailboxes.deleteAccount(account);
    }

    @Override
    public Registration listen(String account, Runnable listener) {
        return mailboxes.listen(account, listener);
    }
}
