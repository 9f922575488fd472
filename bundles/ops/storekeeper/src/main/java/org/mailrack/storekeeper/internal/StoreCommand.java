package org.mailrack.storekeeper.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

import org.mailrack.api.directory.Directory;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.store.ContentHolder;
import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.api.store.StoreException;

/** The command {@code store}, and what it does without being told. */
@Component(
        immediate = true,
        service = StoreCommand.class,
        configurationPid = "org.mailrack.storekeeper",
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=store",
            "mailrack.command.help=checks what is stored, gives space back, and puts notes where messages were lost"
        })
@Designate(ocd = StorekeeperConfig.class)
public final class StoreCommand {

    private static final String USAGE =
            "usage: store verify|compact [MEGABYTES-PER-SECOND] | repair | claim | forget NAME";
    private static final int MOST_NAMED = 1000;

    private final BundleContext context;
    private final Holders holders;
    private final Verification verification;
    private final Repair repair;
    private final Compacting compacting;
    private StorekeeperConfig config;
    private Housekeeping housekeeping;

    /** Keeps these stores. */
    @Activate
    public StoreCommand(
            @Reference ContentStore contents,
            @Reference Spool spool,
            @Reference MailboxStore store,
            @Reference Mailboxes mailboxes,
            @Reference Directory directory,
            BundleContext context,
            StorekeeperConfig config) {
        this.context = context;
        this.config = config;
        this.holders = new Holders(List.of(spool, store), base(context).resolve("data/storekeeper/holders"));
        this.verification = new Verification(contents, holders, store, MOST_NAMED);
        this.repair = new Repair(contents, spool, store, mailboxes, holders, directory.hostname());
        this.compacting = new Compacting(contents, store, holders);
        this.housekeeping = housekeeping(config);
    }

    private static Path base(BundleContext context) {
        String base = context.getProperty("mailrack.base");
        return Path.of(base == null ? "." : base).toAbsolutePath().normalize();
    }

    private Housekeeping housekeeping(StorekeeperConfig from) {
        require("compaction.interval", from.compaction_interval() >= 0);
        require("compaction.rate", from.compaction_rate() >= 0);
        require("compaction.needed", from.compaction_needed() >= 1 && from.compaction_needed() <= 100);
        require("min.age", from.min_age() >= 1);
        return new Housekeeping(
                compacting,
                Duration.ofSeconds(from.compaction_interval()),
                Duration.ofSeconds(from.min_age()),
                from.compaction_rate(),
                from.compaction_needed());
    }

    private static void require(String setting, boolean good) {
        if (!good) {
            throw new IllegalArgumentException("org.mailrack.storekeeper: " + setting + " is out of its limits");
        }
    }

    @Modified
    synchronized void modified(StorekeeperConfig changed) {
        Housekeeping next = housekeeping(changed);
        housekeeping.close();
        housekeeping = next;
        config = changed;
    }

    @Deactivate
    synchronized void deactivate() {
        housekeeping.close();
    }

    /** A bundle that keeps references of its own; it is known by its symbolic name. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addHolder(ContentHolder holder, Map<String, Object> properties) {
        holders.add(name(properties), holder);
    }

    void removeHolder(ContentHolder holder, Map<String, Object> properties) {
        holders.remove(name(properties), holder);
    }

    private String name(Map<String, Object> properties) {
        long id = properties.get("service.bundleid") instanceof Long number ? number : 0;
        return Optional.ofNullable(context.getBundle(id))
                .map(Bundle::getSymbolicName)
                .orElse("bundle " + id);
    }

    /** The command. */
    public Object store(CommandSession session, String... args) {
        String what = args.length == 0 ? "" : args[0];
        // The thread's own stream, which is the client's.
        switch (what) {
            case "verify": {
                Map<String, Object> figures = verification.run(rate(args), System.err);
                if (!figures.get("faults").equals(0L)) {
                    session.put("mailrack.status", 1);
                }
                return figures;
            }
            case "compact":
                return compact(rate(args));
            case "repair":
                require(args, 1);
                return repair.run(System.err);
            case "claim":
                require(args, 1);
                compacting.claim();
                return null;
            case "forget":
                require(args, 2);
                if (!holders.forget(args[1])) {
                    throw new IllegalArgumentException(
                            "no absent bundle of that name kept references; absent are: " + holders.absent());
                }
                return null;
            default:
                throw new IllegalArgumentException(USAGE);
        }
    }

    private Map<String, Object> compact(long rate) {
        StorekeeperConfig now;
        synchronized (this) {
            now = config;
        }
        try {
            return compacting.run(Duration.ofSeconds(now.min_age()), rate, now.compaction_needed());
        } catch (IllegalStateException | StoreException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void require(String[] args, int count) {
        if (args.length != count) {
            throw new IllegalArgumentException(USAGE);
        }
    }

    /** Octets per second, of the second word; 0 when there is none. */
    private static long rate(String[] args) {
        if (args.length == 1) {
            return 0;
        }
        require(args, 2);
        try {
            int megabytes = Integer.parseInt(args[1]);
            if (megabytes > 0) {
                return (long) megabytes << 20;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(USAGE, e);
        }
        throw new IllegalArgumentException(USAGE);
    }
}
