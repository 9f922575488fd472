package org.mailrack.shell.internal;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the settings in etc with what the bundles say they understand. */
final class SettingsDoctor {

    private static final String FILE = "felix.fileinstall.filename";
    private static final Set<String> FRAMEWORKS_OWN = Set.of("service.pid", "service.factoryPid", FILE);

    private static final Logger log = LoggerFactory.getLogger(SettingsDoctor.class);

    private final BundleContext context;

    SettingsDoctor(BundleContext context) {
        this.context = context;
    }

    /** Values that are not of their setting's kind, and files that did not come into force because of one. */
    List<Problem> wrong() {
        List<Problem> problems = new ArrayList<>(Told.by(context, "mailrack.settings.refused"));
        each((file, definition, properties) -> {
            for (AttributeDefinition attribute : definition.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
                if (properties.get(attribute.getID()) instanceof String value) {
                    String fault = fault(attribute, value.strip());
                    if (fault != null) {
                        problems.add(new Problem(file, attribute.getID() + "=" + Rows.printable(value) + " " + fault));
                    }
                }
            }
        });
        return problems;
    }

    /** Settings that nobody understands: a slip of the pen, most likely. */
    List<Problem> unknown() {
        List<Problem> problems = new ArrayList<>();
        each((file, definition, properties) -> {
            Set<String> known = Arrays.stream(definition.getAttributeDefinitions(ObjectClassDefinition.ALL))
                    .map(AttributeDefinition::getID)
                    .collect(Collectors.toSet());
            for (String key : Collections.list(properties.keys())) {
                if (!known.contains(key) && !FRAMEWORKS_OWN.contains(key) && !key.startsWith(".")) {
                    problems.add(new Problem(file, Rows.printable(key) + " is no setting known there"));
                }
            }
        });
        return problems;
    }

    /** What is wrong with a value, or null. */
    static String fault(AttributeDefinition attribute, String value) {
        if (attribute.getCardinality() != 0 || value.isEmpty() && attribute.getType() == AttributeDefinition.STRING) {
            return null;
        }
        try {
            switch (attribute.getType()) {
                case AttributeDefinition.INTEGER -> Integer.parseInt(value);
                case AttributeDefinition.LONG -> Long.parseLong(value);
                case AttributeDefinition.SHORT -> Short.parseShort(value);
                case AttributeDefinition.BYTE -> Byte.parseByte(value);
                case AttributeDefinition.DOUBLE -> Double.parseDouble(value);
                case AttributeDefinition.FLOAT -> Float.parseFloat(value);
                case AttributeDefinition.BOOLEAN -> {
                    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
                        return "is neither true nor false";
                    }
                }
                default -> {
                    // a text
                }
            }
        } catch (NumberFormatException e) {
            return "is not a number";
        }
        String[] options = attribute.getOptionValues();
        if (options != null && options.length > 0 && !Arrays.asList(options).contains(value)) {
            return "is none of " + String.join(", ", options);
        }
        return null;
    }

    private interface Visitor {
        void visit(String file, ObjectClassDefinition definition, Dictionary<String, Object> properties);
    }

    private void each(Visitor visitor) {
        ServiceReference<ConfigurationAdmin> admins = context.getServiceReference(ConfigurationAdmin.class);
        ServiceReference<MetaTypeService> metatypes = context.getServiceReference(MetaTypeService.class);
        if (admins == null || metatypes == null) {
            return;
        }
        try {
            ConfigurationAdmin admin = context.getService(admins);
            MetaTypeService metatype = context.getService(metatypes);
            Configuration[] found = admin.listConfigurations("(" + FILE + "=*)");
            if (found == null) {
                return;
            }
            for (Configuration configuration : found) {
                ObjectClassDefinition definition = definition(metatype, configuration);
                Dictionary<String, Object> properties = configuration.getProperties();
                if (definition != null && properties != null) {
                    visitor.visit(file(String.valueOf(properties.get(FILE))), definition, properties);
                }
            }
        } catch (IOException | InvalidSyntaxException e) {
            log.warn("settings not readable reason={}", e.toString());
        } finally {
            context.ungetService(admins);
            context.ungetService(metatypes);
        }
    }

    private ObjectClassDefinition definition(MetaTypeService metatype, Configuration configuration) {
        String factory = configuration.getFactoryPid();
        String pid = factory == null ? configuration.getPid() : factory;
        for (Bundle bundle : context.getBundles()) {
            MetaTypeInformation information = metatype.getMetaTypeInformation(bundle);
            String[] pids =
                    information == null ? null : factory == null ? information.getPids() : information.getFactoryPids();
            if (pids != null && Arrays.asList(pids).contains(pid)) {
                return information.getObjectClassDefinition(pid, null);
            }
        }
        return null;
    }

    /** The settings file as the operator knows it. */
    static String file(String location) {
        try {
            return java.nio.file.Path.of(URI.create(location)).toString();
        } catch (IllegalArgumentException e) {
            return location;
        }
    }
}
