package org.mailrack.settings.internal;

import java.io.File;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.Map;
import java.util.TreeMap;
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

    private final Supplier<ConfigurationAdmin> configurations;
    private final UnaryOperator<String> property;

    SettingsInstaller(Supplier<ConfigurationAdmin> configurations, UnaryOperator<String> property) {
        this.configurations = configurations;
        this.property = property;
    }

    @Override
    public boolean canHandle(File file) {
        return file.getName().endsWith(".cfg");
    }

    @Override
    public void install(File file) {
        try {
            Map<String, String> settings = SettingsFile.read(file.toPath(), property);
            settings.put(FILE, file.getAbsoluteFile().toURI().toString());
            Configuration configuration = find(file);
            if (!settings.equals(inForce(configuration))) {
                configuration.update(new Hashtable<String, Object>(settings));
            }
        } catch (IOException e) {
            log.warn("settings file not read, what was in force stays file={} reason=\"{}\"", file, e.getMessage());
        }
    }

    @Override
    public void update(File file) {
        install(file);
    }

    @Override
    public void uninstall(File file) throws IOException {
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
