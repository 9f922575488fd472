package org.mailrack.shell.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes who changed which bundle or setting, from what to what, in the log {@code org.mailrack.audit}. What a start or a stop of the
 * server does by itself is no change.
 */
@Component(immediate = true, service = SynchronousConfigurationListener.class)
public final class Audit implements SynchronousBundleListener, SynchronousConfigurationListener {

    private static final Logger log = LoggerFactory.getLogger("org.mailrack.audit");
    private static final String FILE = "felix.fileinstall.filename";

    private final BundleContext context;
    private final ConfigurationAdmin configurations;
    private final Map<Long, String> versions = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> settings = new ConcurrentHashMap<>();

    @Activate
    public Audit(BundleContext context, @Reference ConfigurationAdmin configurations) {
        this.context = context;
        this.configurations = configurations;
        for (Bundle bundle : context.getBundles()) {
            versions.put(bundle.getBundleId(), bundle.getVersion().toString());
        }
        try {
            Configuration[] all = configurations.listConfigurations(null);
            for (Configuration configuration : all == null ? new Configuration[0] : all) {
                settings.put(configuration.getPid(), values(configuration));
            }
        } catch (IOException | InvalidSyntaxException e) {
            log.warn("settings not known reason={}", e.toString());
        }
        context.addBundleListener(this);
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(this);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        boolean starting = context.getBundle(0).getState() != Bundle.ACTIVE;
        String now = bundle.getVersion().toString();
        switch (event.getType()) {
            case BundleEvent.INSTALLED -> {
                versions.put(bundle.getBundleId(), now);
                note(
                        starting,
                        "bundle installed by={} bundle={} version={} from={}",
                        bundle,
                        now,
                        bundle.getLocation());
            }
            case BundleEvent.UPDATED -> {
                String before = versions.put(bundle.getBundleId(), now);
                note(starting, "bundle updated by={} bundle={} from={} to={}", bundle, before, now);
            }
            case BundleEvent.UNINSTALLED -> {
                versions.remove(bundle.getBundleId());
                note(starting, "bundle uninstalled by={} bundle={} version={}", bundle, now);
            }
            // Of the rest only what somebody asked for: an update stops and starts by itself.
            case BundleEvent.STARTED ->
                note(Actor.current() == null, "bundle started by={} bundle={} version={}", bundle, now);
            case BundleEvent.STOPPED ->
                note(Actor.current() == null, "bundle stopped by={} bundle={} version={}", bundle, now);
            default -> {
                // no change
            }
        }
    }

    private static void note(boolean passedOver, String text, Bundle bundle, Object... more) {
        if (passedOver) {
            return;
        }
        Object[] values = new Object[more.length + 2];
        values[0] = Actor.current() == null ? owner(bundle.getLocation()) : Actor.current();
        values[1] = Bundles.name(bundle);
        System.arraycopy(more, 0, values, 2, more.length);
        log.info(text, values);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        Map<String, String> now = Map.of();
        try {
            if (event.getType() == ConfigurationEvent.CM_UPDATED) {
                Configuration[] found = configurations.listConfigurations("(service.pid=" + event.getPid() + ")");
                now = found == null ? Map.of() : values(found[0]);
            }
        } catch (IOException | InvalidSyntaxException e) {
            log.warn("settings not known pid={} reason={}", event.getPid(), e.toString());
        }
        Map<String, String> before =
                now.isEmpty() ? settings.remove(event.getPid()) : settings.put(event.getPid(), now);
        Map<String, String> old = before == null ? Map.of() : before;
        String file = now.getOrDefault(FILE, old.getOrDefault(FILE, ""));
        String by = Actor.current() == null ? owner(file) : Actor.current();
        Set<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(now.keySet());
        keys.remove(FILE);
        for (String key : keys) {
            String from = old.get(key);
            String to = now.get(key);
            if (from == null || !from.equals(to)) {
                log.info(
                        "setting changed by={} pid={} setting={} from={} to={}",
                        by,
                        event.getPid(),
                        key,
                        shown(key, from),
                        shown(key, to));
            }
        }
    }

    /** Somebody asks for a setting by a command; what comes of it follows, as a change of the file that he need not own. */
    static void asked(String pid, String setting, String value) {
        log.info(
                "setting asked for by={} pid={} setting={} value={}",
                Actor.current(),
                pid,
                setting,
                shown(setting, value));
    }

    private static Map<String, String> values(Configuration configuration) {
        Map<String, String> values = new TreeMap<>();
        Dictionary<String, Object> properties = configuration.getProperties();
        if (properties != null) {
            for (String key : Collections.list(properties.keys())) {
                if (!key.startsWith("service.")) {
                    values.put(key, String.valueOf(properties.get(key)));
                }
            }
        }
        return values;
    }

    private static String shown(String key, String value) {
        if (value == null) {
            return "default";
        }
        return key.contains("password") || key.contains("secret") ? "\"***\"" : '"' + value + '"';
    }

    /** Whose the file is that was put there; he, or root, has done it. */
    private static String owner(String location) {
        try {
            return "owner:" + Files.getOwner(Path.of(URI.create(location))).getName();
        } catch (IOException | RuntimeException e) {
            // The file is gone, or is none.
            return "file";
        }
    }
}
