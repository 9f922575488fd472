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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Follows the installation's features and {@code deploy/} while the server runs: a jar or a feature that is put there brings its
 * bundles, one that is taken away takes them away, a jar that changes is updated. What the {@link Gate} does not let in is left
 * alone until it changes, and what was there before stays in force.
 */
final class BundleWatcher implements Runnable {

    private static final long PAUSE_MILLIS = 500;
    private static final long REFRESH_SECONDS = 30;

    private static final System.Logger LOG = System.getLogger("org.mailrack.bundles");

    private final BundleContext context;
    private final Instance instance;
    private final Gate gate;
    private final BundleNotes notes;
    /** What each jar was like at the last look: one that is being copied is not taken before it stays the same. */
    private Map<Path, String> before;
    /** What is installed, or cannot be. */
    private final Map<Path, String> done = new HashMap<>();
    /** Jars that are not taken and folders that are not followed, and why. */
    private final Map<Path, String> refused = new ConcurrentSkipListMap<>();
    /** New ones, which are asked to start. */
    private final List<Bundle> added = new ArrayList<>();

    private String rules;
    private long installed;

    BundleWatcher(BundleContext context, Instance instance, Gate gate, BundleNotes notes) throws IOException {
        this.context = context;
        this.instance = instance;
        this.gate = gate;
        this.notes = notes;
        before = look();
        before.forEach((jar, state) -> {
            if (notes.holds(BundleSync.location(jar), state)) {
                done.put(jar, state);
            }
        });
        rules = gate.rules();
        installed = installed();
    }

    /** What is not taken, each in one line with the reason. */
    List<String> refused() {
        return refused.entrySet().stream()
                .map(file -> file.getKey() + ": " + file.getValue())
                .toList();
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(PAUSE_MILLIS);
                try {
                    follow();
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "bundles not readable reason={0}", e.toString());
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
        for (Path folder : BundleSync.folders(instance)) {
            for (Path jar : BundleSync.jars(folder)) {
                try {
                    jars.put(jar, BundleNotes.state(jar));
                } catch (NoSuchFileException e) {
                    // Removed while we look.
                }
            }
        }
        return jars;
    }

    private void follow() throws IOException, InterruptedException {
        Set<Path> open = openFolders();
        String ruled = gate.rules();
        if (!ruled.equals(rules)) {
            rules = ruled;
            done.keySet().removeAll(refused.keySet());
        }
        Map<Path, String> now = look();
        // From a folder that everybody can write to, nobody takes anything away either.
        List<Path> gone = done.keySet().stream()
                .filter(jar -> !now.containsKey(jar))
                .filter(jar -> !open.contains(jar.getParent()))
                .toList();
        List<Path> changed = now.entrySet().stream()
                .filter(jar -> jar.getValue().equals(before.get(jar.getKey())))
                .filter(jar -> !jar.getValue().equals(done.get(jar.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        before = now;
        refused.keySet().removeIf(jar -> !now.containsKey(jar) && !open.contains(jar));
        List<Bundle> touched = new ArrayList<>();
        gone.forEach(jar -> uninstall(jar, touched));
        for (Path jar : changed) {
            done.put(jar, now.get(jar));
            bring(jar, now.get(jar), touched);
        }
        refresh(touched);
        if (!added.isEmpty() || !touched.isEmpty() || installed != installed()) {
            start();
            installed = installed();
        }
        notes.save();
    }

    /** Folders that everybody can write to; said once when that begins, and once when it ends. */
    private Set<Path> openFolders() throws IOException {
        Set<Path> open = new HashSet<>();
        for (Path folder : BundleSync.folders(instance)) {
            Optional<String> reason = Gate.open(folder);
            if (reason.isPresent()) {
                open.add(folder);
                if (refused.put(folder, reason.get()) == null) {
                    LOG.log(Level.WARNING, "folder not followed folder={0} reason=\"{1}\"", folder, reason.get());
                }
            } else if (refused.remove(folder) != null) {
                LOG.log(Level.INFO, "folder followed again folder={0}", folder);
                done.keySet().removeAll(refused.keySet());
            }
        }
        return open;
    }

    /** Changes when a bundle comes, goes or is updated, by whomever. */
    private long installed() {
        long sum = 0;
        for (Bundle bundle : context.getBundles()) {
            sum = 31 * sum + bundle.getBundleId();
            sum = 31 * sum + bundle.getLastModified();
        }
        return sum;
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
        try {
            Path copy = gate.passFrom(jar.getParent(), jar);
            try {
                bring(jar, copy, state, touched);
            } finally {
                Files.deleteIfExists(copy);
            }
            refused.remove(jar);
        } catch (Refusal | BundleException e) {
            refuse(jar, e.getMessage());
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "removed before it was taken file={0}", jar);
        } catch (IOException e) {
            refuse(jar, "cannot be read: " + Instance.reason(e));
        }
    }

    private void refuse(Path jar, String reason) {
        if (!reason.equals(refused.put(jar, reason))) {
            String kept = context.getBundle(BundleSync.location(jar)) == null ? "" : ", what was there stays in force";
            LOG.log(Level.WARNING, "bundle not taken file={0} reason=\"{1}\"{2}", jar, reason, kept);
        }
    }

    private void bring(Path jar, Path copy, String state, List<Bundle> touched) throws IOException, BundleException {
        String location = BundleSync.location(jar);
        Bundle bundle = context.getBundle(location);
        try (InputStream in = Files.newInputStream(copy)) {
            if (bundle == null) {
                bundle = context.installBundle(location, in);
                bundle.adapt(BundleStartLevel.class).setStartLevel(BundleSync.LEVEL_FEATURES);
                LOG.log(Level.INFO, "bundle added bundle={0} file={1}", bundle.getSymbolicName(), jar);
            } else {
                // Started again below, once all that changed together is in place.
                touched.add(bundle);
                bundle.stop(Bundle.STOP_TRANSIENT);
                bundle.update(in);
                LOG.log(Level.INFO, "bundle updated bundle={0} file={1}", bundle.getSymbolicName(), jar);
            }
            notes.put(location, state);
            if (!BundleSync.fragment(bundle)
                    && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
                added.add(bundle);
            }
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
