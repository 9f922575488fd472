package org.mailrack.settings.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Compares a file's values with what the bundle that they are for says of their kind, least and greatest. */
final class SettingsCheck {

    private final BundleContext context;

    SettingsCheck(BundleContext context) {
        this.context = context;
    }

    /** What is wrong, setting by setting; nothing when no bundle describes them. */
    List<String> faults(SettingsFile file, Map<String, String> settings) {
        List<String> faults = new ArrayList<>();
        ServiceReference<MetaTypeService> reference = context.getServiceReference(MetaTypeService.class);
        MetaTypeService descriptions = reference == null ? null : context.getService(reference);
        if (descriptions == null) {
            return faults;
        }
        try {
            for (Bundle bundle : context.getBundles()) {
                MetaTypeInformation known = descriptions.getMetaTypeInformation(bundle);
                if (known != null && describes(known, file)) {
                    faults.addAll(faults(known.getObjectClassDefinition(file.pid(), null), settings));
                }
            }
        } finally {
            context.ungetService(reference);
        }
        return faults;
    }

    private static boolean describes(MetaTypeInformation known, SettingsFile file) {
        String[] pids = file.name().isPresent() ? known.getFactoryPids() : known.getPids();
        return pids != null && Arrays.asList(pids).contains(file.pid());
    }

    static List<String> faults(ObjectClassDefinition definition, Map<String, String> settings) {
        List<String> faults = new ArrayList<>();
        for (AttributeDefinition attribute : definition.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
            String value = settings.get(attribute.getID());
            // A text is its component's affair, and a comma in it would be taken for a list.
            if (value != null && attribute.getCardinality() == 0 && attribute.getType() != AttributeDefinition.STRING) {
                String fault = attribute.validate(value);
                if (fault != null && !fault.isEmpty()) {
                    // A leading % marks a text that may be translated.
                    faults.add(attribute.getID() + "=" + printable(value) + ": " + fault.replaceFirst("^%", ""));
                }
            }
        }
        return faults;
    }

    private static String printable(String value) {
        return value.replaceAll("\\p{Cntrl}", "?");
    }
}
