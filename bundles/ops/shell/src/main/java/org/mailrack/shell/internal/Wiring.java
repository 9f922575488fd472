package org.mailrack.shell.internal;

import java.util.ArrayList;
import java.util.List;

import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;

/** Why a bundle does not resolve: what it asks for that no bundle offers. */
final class Wiring {

    private Wiring() {}

    static List<String> missing(Bundle bundle, List<Bundle> all) {
        List<String> missing = new ArrayList<>();
        if (bundle.getState() != Bundle.INSTALLED) {
            return missing;
        }
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return missing;
        }
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            if (mandatory(requirement) && !offered(requirement, all)) {
                missing.add(Requirement.text(requirement, all));
            }
        }
        return missing;
    }

    private static boolean mandatory(BundleRequirement requirement) {
        String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        return !Namespace.RESOLUTION_OPTIONAL.equals(
                        requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                && !PackageNamespace.RESOLUTION_DYNAMIC.equals(
                        requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                && (effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE));
    }

    private static boolean offered(BundleRequirement requirement, List<Bundle> all) {
        for (Bundle bundle : all) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision != null) {
                for (BundleCapability capability : revision.getDeclaredCapabilities(requirement.getNamespace())) {
                    if (requirement.matches(capability)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** The bundle's place in the installation: the feature's name, or empty for what is not part of one. */
    static String feature(Bundle bundle, String home) {
        String location = bundle.getLocation();
        String features = "/" + "features" + "/";
        if (home == null || location.equals(Constants.SYSTEM_BUNDLE_LOCATION)) {
            return "";
        }
        int begin = location.indexOf(home + features);
        if (begin < 0) {
            return "";
        }
        String rest = location.substring(begin + home.length() + features.length());
        return rest.indexOf('/') < 0 ? "" : rest.substring(0, rest.indexOf('/'));
    }
}
