package org.mailrack.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Follows the installation's features while the server runs: a folder that is put there brings its bundles, one that is taken
 * away takes them away, a jar that changes is updated. FileInstall, which follows etc/ and deploy/, could not: it loses its notes
 * when it looks into several folders of a folder (3.7.4), and sees nothing when the folder that it follows goes as a whole.
 */
final class FeatureWatcher implements Runnable {

    private static final long PAUSE_MILLIS = 500;
    private static final long REFRESH_SECONDS = 30;

    private static final System.Logger LOG = System.getLogger("org.mailrack.features");

    private final BundleContext context;
    private final Path home;
    private final BundleNotes notes;
    /** What each jar was like at the last look: one that is being copied is not taken before it stays the same. */
    private Map<Path, String> before = new HashMap<>();
    /** What is installed, or cannot be. */
    private final Map<Path, String> done = new HashMap<>();
    /** New ones, which are asked to start. */
    private final List<Bundle> added = new ArrayList<>();

    FeatureWatcher(BundleContext context, Path home, BundleNotes notes) throws IOException {
        this.context = context;
        this.home = home;
        this.notes = notes;
        before = look();
        done.putAll(before);
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(PAUSE_MILLIS);
                try {
                    follow();
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "features not readable reason={0}", e.toString());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the container has stopped", e);
        }
    }

    private Map<Path, String> look() throws IOException {
        Map<Path, String> jars = new LinkedHashMap<>();
        for (Path jar : BundleSync.features(home)) {
            try {
                jars.put(jar, BundleNotes.state(jar));
            } catch (NoSuchFileException e) {
                // Removed while we look.
            }
        }
        return jars;
    }

    private void follow() throws IOException, InterruptedException {
        Map<Path, String> now = look();
        List<Path> gone =
                done.keySet().stream().filter(jar -> !now.containsKey(jar)).toList();
        List<Path> changed = now.entrySet().stream()
                .filter(jar -> jar.getValue().equals(before.get(jar.getKey())))
                .filter(jar -> !jar.getValue().equals(done.get(jar.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        before = now;
        if (gone.isEmpty() && changed.isEmpty()) {
            return;
        }
        List<Bundle> touched = new ArrayList<>();
        gone.forEach(jar -> uninstall(jar, touched));
        for (Path jar : changed) {
            done.put(jar, now.get(jar));
            bring(jar, now.get(jar), touched);
        }
        refresh(touched);
        start();
        notes.save();
    }

    private void uninstall(Path jar, List<Bundle> touched) {
        String location = BundleSync.location(jar);
        done.remove(jar);
        notes.remove(location);
        Bundle bundle = context.getBundle(location);
        if (bundle != null) {
            try {
                bundle.uninstall();
                touched.add(bundle);
                LOG.log(Level.INFO, "bundle removed bundle={0} file={1}", bundle.getSymbolicName(), jar);
            } catch (BundleException e) {
                LOG.log(
                        Level.WARNING,
                        "bundle not removed bundle={0} reason={1}",
                        bundle.getSymbolicName(),
                        e.getMessage());
            }
        }
    }

    private void bring(Path jar, String state, List<Bundle> touched) throws IOException {
        String location = BundleSync.location(jar);
        Bundle bundle = context.getBundle(location);
        try (InputStream in = Files.newInputStream(jar)) {
            if (bundle == null) {
                bundle = context.installBundle(location, in);
                bundle.adapt(BundleStartLevel.class).setStartLevel(BundleSync.LEVEL_FEATURES);
                LOG.log(Level.INFO, "bundle added bundle={0} file={1}", bundle.getSymbolicName(), jar);
            } else {
                // Started again below, once all that changed together is in place.
                bundle.stop(Bundle.STOP_TRANSIENT);
                bundle.update(in);
                touched.add(bundle);
                LOG.log(Level.INFO, "bundle updated bundle={0} file={1}", bundle.getSymbolicName(), jar);
            }
            notes.put(location, state);
            if (!BundleSync.fragment(bundle)
                    && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
                added.add(bundle);
            }
        } catch (BundleException e) {
            LOG.log(Level.WARNING, "bundle not installed file={0} reason={1}", jar, e.getMessage());
        }
    }

    /** Only what is still wired to something that is gone. */
    private void refresh(Collection<Bundle> touched) throws InterruptedException {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        List<Bundle> pending = wiring.getRemovalPendingBundles().stream()
                .filter(touched::contains)
                .toList();
        if (!pending.isEmpty()) {
            CountDownLatch refreshed = new CountDownLatch(1);
            wiring.refreshBundles(pending, event -> refreshed.countDown());
            if (!refreshed.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "refresh takes long");
            }
        }
    }

    /** Starts what is new, and what should run and now perhaps finds what it missed. */
    private void start() {
        List<Bundle> due = new ArrayList<>(added);
        added.clear();
        for (Bundle bundle : context.getBundles()) {
            boolean idle = bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED;
            if (idle
                    && !due.contains(bundle)
                    && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
                due.add(bundle);
            }
        }
        for (Bundle bundle : due) {
            try {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            } catch (BundleException e) {
                LOG.log(
                        Level.WARNING,
                        "bundle not started bundle={0} reason={1}",
                        bundle.getSymbolicName(),
                        e.getMessage());
            }
        }
    }
}
