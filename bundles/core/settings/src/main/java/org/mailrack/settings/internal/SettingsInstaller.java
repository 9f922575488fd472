package org.mailrack.settings.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a settings file into force when it appears or changes, and takes it back when it goes. */
final class SettingsInstaller implements ArtifactInstaller {

    /** The property by which FileInstall names a configuration's file, and components in their messages. */
    static final String FILE = "felix.fileinstall.filename";

    private static final Logger log = LoggerFactory.getLogger(SettingsInstaller.class);

    /** What is wrong with the settings of a file. */
    @FunctionalInterface
    interface Check {
        List<String> faults(SettingsFile file, Map<String, String> settings);
    }

    private final Supplier<ConfigurationAdmin> configurations;
    private final UnaryOperator<String> property;
    private final Check check;
    private final Map<File, String> refused = new ConcurrentSkipListMap<>();

    SettingsInstaller(Supplier<ConfigurationAdmin> configurations, UnaryOperator<String> property, Check check) {
        this.configurations = configurations;
        this.property = property;
        this.check = check;
    }

    /** The files that are not in force, each in one line with the reason. */
    List<String> refused() {
        return refused.entrySet().stream()
                .map(file -> file.getKey() + ": " + file.getValue() + "; what was in force stays")
                .toList();
    }

    @Override
    public boolean canHandle(File file) {
        return file.getName().endsWith(".cfg");
    }

    @Override
    public void install(File file) {
        try {
            Map<String, String> settings = SettingsFile.read(file.toPath(), property);
            List<String> faults = check.faults(SettingsFile.named(file.getName()), settings);
            if (!faults.isEmpty()) {
                refuse(file, String.join(", ", faults));
                return;
            }
            settings.put(FILE, file.getAbsoluteFile().toURI().toString());
            Configuration configuration = find(file);
            if (!settings.equals(inForce(configuration))) {
                configuration.update(new Hashtable<String, Object>(settings));
            }
            refused.remove(file);
        } catch (IOException e) {
            refuse(file, e instanceof AccessDeniedException ? "permission denied" : e.getMessage());
        }
    }

    private void refuse(File file, String reason) {
        refused.put(file, reason);
        log.warn("settings file not taken, what was in force stays file={} reason=\"{}\"", file, reason);
    }

    @Override
    public void update(File file) {
        install(file);
    }

    @Override
    public void uninstall(File file) throws IOException {
        refused.remove(file);
        find(file).delete();
    }

    private Configuration find(File file) throws IOException {
        SettingsFile named = SettingsFile.named(file.getName());
        // "?": for whichever bundle asks, wherever it comes from.
        ConfigurationAdmin admin = configurations.get();
        return named.name().isPresent()
                ? admin.getFactoryConfiguration(named.pid(), named.name().get(), "?")
                : admin.getConfiguration(named.pid(), "?");
    }

    private static Map<String, String> inForce(Configuration configuration) {
        Dictionary<String, Object> properties = configuration.getProperties();
        Map<String, String> settings = new TreeMap<>();
        if (properties != null) {
            for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements(); ) {
                String key = keys.nextElement();
                if (!key.startsWith("service.")) {
                    settings.put(key, String.valueOf(properties.get(key)));
                }
            }
        }
        return settings;
    }
}
