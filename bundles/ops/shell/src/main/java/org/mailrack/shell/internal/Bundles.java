package org.mailrack.shell.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The framework's bundles, by name or id, and what is done to them. */
final class Bundles {

    private static final long REFRESH_SECONDS = 30;

    private final BundleContext context;

    Bundles(BundleContext context) {
        this.context = context;
    }

    List<Bundle> all() {
        return List.of(context.getBundles());
    }

    /** The bundle with that id, or that symbolic name, of which the highest version counts. */
    Bundle find(String nameOrId) {
        Bundle found = nameOrId.matches("[0-9]{1,18}") ? context.getBundle(Long.parseLong(nameOrId)) : null;
        if (found == null) {
            found = Arrays.stream(context.getBundles())
                    .filter(bundle -> nameOrId.equals(bundle.getSymbolicName()))
                    .max((a, b) -> a.getVersion().compareTo(b.getVersion()))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "no bundle has the name or id " + nameOrId + ", see: mailrack bundle list"));
        }
        return found;
    }

    /** One that may be stopped or taken away without taking this command with it. */
    Bundle findOther(String nameOrId) {
        Bundle bundle = find(nameOrId);
        if (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            throw new IllegalArgumentException("that is the container itself; to stop the server use: mailrack stop");
        }
        if (bundle.equals(context.getBundle())) {
            throw new IllegalArgumentException("the command itself runs in that bundle; update it, or stop the server");
        }
        return bundle;
    }

    void start(Bundle bundle) {
        try {
            if (!fragment(bundle)) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        } catch (BundleException e) {
            throw new IllegalArgumentException(name(bundle) + " does not start: " + why(bundle, e), e);
        }
    }

    void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw new IllegalArgumentException(name(bundle) + " does not stop: " + e.getMessage(), e);
        }
    }

    Bundle install(Path file) {
        identity(file);
        String location = location(file);
        if (context.getBundle(location) != null) {
            throw new IllegalArgumentException(file + " is installed already; use: mailrack bundle update");
        }
        Passed passed = Passed.through(context, file);
        Bundle bundle;
        try (passed;
                InputStream in = Files.newInputStream(passed.copy())) {
            bundle = context.installBundle(location, in);
        } catch (IOException | BundleException e) {
            throw new IllegalArgumentException("cannot install " + file + ": " + e.getMessage(), e);
        }
        start(bundle);
        return bundle;
    }

    /** Takes a new version in, from a file or from where the bundle came, and refreshes only what is wired to the old one. */
    void update(Bundle bundle, Path file) {
        if (file != null && !identity(file).equals(bundle.getSymbolicName())) {
            throw new IllegalArgumentException(
                    file + " is " + identity(file) + ", not another version of " + bundle.getSymbolicName());
        }
        Path source = file == null ? origin(bundle) : file;
        Passed passed = source == null ? null : Passed.through(context, source);
        try (passed;
                InputStream in = passed == null ? null : Files.newInputStream(passed.copy())) {
            bundle.update(in);
        } catch (IOException | BundleException e) {
            throw new IllegalArgumentException("cannot update " + name(bundle) + ": " + why(bundle, e), e);
        }
        refresh(Set.of(bundle));
    }

    /** The file that a bundle came from; null when it came from elsewhere. */
    private static Path origin(Bundle bundle) {
        try {
            URI location = URI.create(bundle.getLocation());
            return "file".equals(location.getScheme()) ? Path.of(location) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new IllegalArgumentException("cannot uninstall " + name(bundle) + ": " + e.getMessage(), e);
        }
        refresh(Set.of(bundle));
    }

    /** A bundle that nobody is wired to needs none, and would only be restarted once more. */
    private void refresh(Collection<Bundle> changed) {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        List<Bundle> pending = wiring.getRemovalPendingBundles().stream()
                .filter(changed::contains)
                .toList();
        if (pending.isEmpty()) {
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        wiring.refreshBundles(pending, event -> done.countDown());
        try {
            if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalArgumentException("the bundles that depend on it are not refreshed yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The symbolic name in a jar's manifest. */
    private static String identity(Path file) {
        try (JarInputStream jar = new JarInputStream(Files.newInputStream(file))) {
            Manifest manifest = jar.getManifest();
            String name =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new IllegalArgumentException(file + " is not a bundle: it has no Bundle-SymbolicName");
            }
            return name.split(";")[0].strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read " + file + ": " + (Files.exists(file) ? e.getMessage() : "no such file"), e);
        }
    }

    /** As FileInstall would say it. */
    private static String location(Path file) {
        return file.toUri().toString().replaceFirst("^file:///", "file:/");
    }

    private String why(Bundle bundle, Exception e) {
        List<String> missing = Wiring.missing(bundle, all());
        return missing.isEmpty() ? root(e) : String.join(", ", missing);
    }

    private static String root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    static boolean fragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    static String name(Bundle bundle) {
        return bundle.getSymbolicName() == null ? "bundle " + bundle.getBundleId() : bundle.getSymbolicName();
    }

    static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.UNINSTALLED -> "UNINSTALLED";
            case Bundle.INSTALLED -> "INSTALLED";
            case Bundle.RESOLVED -> "RESOLVED";
            case Bundle.STARTING -> "STARTING";
            case Bundle.STOPPING -> "STOPPING";
            case Bundle.ACTIVE -> "ACTIVE";
            default -> Integer.toString(bundle.getState());
        };
    }
}
