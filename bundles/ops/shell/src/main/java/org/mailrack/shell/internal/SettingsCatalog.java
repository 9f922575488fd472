package org.mailrack.shell.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Which settings there are, as the bundles describe them, and which values are in force. */
final class SettingsCatalog {

    private final BundleContext context;
    private final MetaTypeService descriptions;
    private final ConfigurationAdmin configurations;

    SettingsCatalog(BundleContext context, MetaTypeService descriptions, ConfigurationAdmin configurations) {
        this.context = context;
        this.descriptions = descriptions;
        this.configurations = configurations;
    }

    /**
     * Where settings belong.
     *
     * @param pid the PID, or of several of a kind their common one
     * @param name the name among several of a kind
     * @param definition what there is to set
     */
    record Place(String pid, Optional<String> name, ObjectClassDefinition definition) {

        String text() {
            return pid + name.map(n -> '-' + n).orElse("");
        }

        String file() {
            return text() + ".cfg";
        }

        AttributeDefinition attribute(String key) {
            return Arrays.stream(attributes())
                    .filter(attribute -> attribute.getID().equals(key))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(Rows.printable(key) + " is no setting of " + text()
                            + ", see: mailrack config show " + text()));
        }

        AttributeDefinition[] attributes() {
            return definition.getAttributeDefinitions(ObjectClassDefinition.ALL);
        }
    }

    /** All PIDs with what they are for; those of which there may be several end in {@code -NAME}. */
    Map<String, ObjectClassDefinition> all() {
        Map<String, ObjectClassDefinition> all = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            MetaTypeInformation known = descriptions.getMetaTypeInformation(bundle);
            if (known != null) {
                for (String pid : pids(known.getPids())) {
                    all.put(pid, known.getObjectClassDefinition(pid, null));
                }
                for (String pid : pids(known.getFactoryPids())) {
                    all.put(pid + "-NAME", known.getObjectClassDefinition(pid, null));
                }
            }
        }
        return all;
    }

    private static String[] pids(String[] pids) {
        return pids == null ? new String[0] : pids;
    }

    /** The place of that name; {@code org.mailrack.} may be left out. */
    Place place(String given) {
        Map<String, ObjectClassDefinition> all = all();
        for (String text : List.of(given, "org.mailrack." + given)) {
            if (all.containsKey(text) && !text.endsWith("-NAME")) {
                return new Place(text, Optional.empty(), all.get(text));
            }
            int end = text.indexOf('~') >= 0 ? text.indexOf('~') : text.indexOf('-');
            if (end > 0 && end + 1 < text.length() && all.containsKey(text.substring(0, end) + "-NAME")) {
                String name = text.substring(end + 1);
                if (!name.matches("[A-Za-z0-9._-]{1,100}") || name.equals("NAME")) {
                    throw new IllegalArgumentException("not a name for settings: " + Rows.printable(name));
                }
                String pid = text.substring(0, end);
                return new Place(pid, Optional.of(name), all.get(pid + "-NAME"));
            }
        }
        throw new IllegalArgumentException(
                "no bundle has settings by the name " + Rows.printable(given) + ", see: mailrack config show");
    }

    /** The values that a file has brought into force; empty when there is none. */
    Map<String, String> inForce(Place place) {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            String filter = place.name().isEmpty()
                    ? "(service.pid=" + place.pid() + ")"
                    : "(service.pid=" + place.pid() + "~" + place.name().get() + ")";
            Configuration[] found = configurations.listConfigurations(filter);
            if (found != null && found[0].getProperties() != null) {
                Dictionary<String, Object> properties = found[0].getProperties();
                for (AttributeDefinition attribute : place.attributes()) {
                    Object value = properties.get(attribute.getID());
                    if (value != null) {
                        values.put(attribute.getID(), value.toString());
                    }
                }
            }
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("settings cannot be read: " + e.getMessage(), e);
        }
        return values;
    }

    /** What is wrong with a value, by its kind, least and greatest; nothing for one that may be tried. */
    static Optional<String> fault(AttributeDefinition attribute, String value) {
        String fault = SettingsDoctor.fault(attribute, value);
        // A text is its component's affair, and a comma in it would be taken for a list.
        if (fault == null && attribute.getCardinality() == 0 && attribute.getType() != AttributeDefinition.STRING) {
            String said = attribute.validate(value);
            // A leading % marks a text that may be translated.
            fault = said == null || said.isEmpty() ? null : "is not taken: " + said.replaceFirst("^%", "");
        }
        return Optional.ofNullable(fault);
    }

    /** The default in the form in which it would be given. */
    static String normally(AttributeDefinition attribute) {
        String[] values = attribute.getDefaultValue();
        return values == null ? "" : String.join(",", new ArrayList<>(List.of(values)));
    }
}
