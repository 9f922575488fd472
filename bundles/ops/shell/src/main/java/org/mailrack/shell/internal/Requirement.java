package org.mailrack.shell.internal;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;

/** What a bundle asks for, in words: which version would do, and which there are. */
final class Requirement {

    private static final Pattern FROM = Pattern.compile("(?<!\\(!)\\((?:bundle-)?version>=([^()]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\((?:bundle-)?version>=([^()]+)\\)\\)");
    private static final Pattern UP_TO = Pattern.compile("(?<!\\(!)\\((?:bundle-)?version<=([^()]+)\\)");
    private static final Pattern EXACTLY = Pattern.compile("\\((?:bundle-)?version=([^()]+)\\)");

    private Requirement() {}

    static String text(BundleRequirement requirement, Collection<Bundle> all) {
        String namespace = requirement.getNamespace();
        String filter =
                Objects.requireNonNullElse(requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE), "");
        Matcher named = Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^()]+)\\)")
                .matcher(filter);
        if (!named.find()) {
            return "nothing provides " + namespace + (filter.isEmpty() ? "" : " " + filter);
        }
        String name = named.group(1);
        return switch (namespace) {
            case PackageNamespace.PACKAGE_NAMESPACE ->
                "needs the package " + name + range(filter) + there(namespace, name, all, "no bundle exports it");
            case BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE ->
                "needs the bundle " + name + range(filter) + there(namespace, name, all, "it is not installed");
            case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE -> java(name, filter);
            default ->
                "needs " + namespace + " " + name + range(filter)
                        + there(namespace, name, all, "no bundle provides it");
        };
    }

    private static String java(String name, String filter) {
        Matcher exactly = EXACTLY.matcher(filter);
        String wanted = exactly.find() ? " " + exactly.group(1) : "";
        return "needs " + name + wanted + " or later; this is Java "
                + Runtime.version().feature();
    }

    /** As a manifest would say it. */
    private static String range(String filter) {
        Matcher exactly = EXACTLY.matcher(filter);
        if (exactly.find()) {
            return " in version " + exactly.group(1);
        }
        String from = first(FROM, filter);
        String below = first(BELOW, filter);
        String last = first(UP_TO, filter);
        if (from == null && below == null && last == null) {
            return "";
        }
        Version left = from == null ? Version.emptyVersion : Version.parseVersion(from);
        String right = below == null ? last : below;
        VersionRange range = new VersionRange(
                VersionRange.LEFT_CLOSED,
                left,
                right == null ? null : Version.parseVersion(right),
                below == null ? VersionRange.RIGHT_CLOSED : VersionRange.RIGHT_OPEN);
        return right == null ? " in version " + left + " or later" : " in a version of " + range;
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static String there(String namespace, String name, Collection<Bundle> all, String otherwise) {
        Collection<String> versions = new TreeSet<>();
        for (Bundle bundle : all) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            List<BundleCapability> capabilities =
                    revision == null ? List.of() : revision.getDeclaredCapabilities(namespace);
            for (BundleCapability capability : capabilities) {
                Object version = capability
                        .getAttributes()
                        .getOrDefault("version", capability.getAttributes().get("bundle-version"));
                if (name.equals(capability.getAttributes().get(namespace))) {
                    versions.add((version == null ? "one" : version) + " of " + Bundles.name(bundle));
                }
            }
        }
        return "; " + (versions.isEmpty() ? otherwise : "there is " + String.join(", ", versions));
    }
}
