package org.mailrack.shell.internal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command {@code bundle}. */
@Component(
        service = BundleCommand.class,
        property = {"osgi.command.scope=mailrack", "osgi.command.function=bundle"})
public final class BundleCommand {

    private static final String USAGE = "bundle list | bundle start|stop|uninstall|why NAME|ID | bundle install FILE"
            + " | bundle update NAME|ID [FILE]";

    private static final Logger log = LoggerFactory.getLogger(BundleCommand.class);

    private final BundleContext context;
    private final Bundles bundles;
    private final Diagnosis diagnosis;

    @Activate
    public BundleCommand(BundleContext context, @Reference Diagnosis diagnosis) {
        this.context = context;
        this.bundles = new Bundles(context);
        this.diagnosis = diagnosis;
    }

    @Descriptor("the cards of this rack: list, start, stop, install, update, uninstall, and why one does not work")
    public Object bundle(CommandSession session, String... args) {
        Words words = Words.of(USAGE, args);
        long begun = System.nanoTime();
        return switch (words.action()) {
            case "list" -> {
                words.rest(0, 0);
                yield bundles.all().stream().map(BundleCommand::row).toList();
            }
            case "start" -> {
                Bundle bundle = bundles.find(words.rest(1, 1).get(0));
                bundles.start(bundle);
                yield said("started", bundle, begun);
            }
            case "stop" -> {
                Bundle bundle = bundles.findOther(words.rest(1, 1).get(0));
                bundles.stop(bundle);
                yield said("stopped", bundle, begun);
            }
            case "install" ->
                said("installed", bundles.install(file(session, words.rest(1, 1).get(0))), begun);
            case "uninstall" -> uninstall(bundles.findOther(words.rest(1, 1).get(0)), begun);
            case "update" -> update(session, words.rest(1, 2), begun);
            case "why" -> diagnosis.of(bundles.find(words.rest(1, 1).get(0)));
            default -> throw words.wrong();
        };
    }

    private static Map<String, Object> row(Bundle bundle) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", bundle.getBundleId());
        row.put("symbolicName", bundle.getSymbolicName());
        row.put("version", bundle.getVersion().toString());
        row.put("state", Bundles.state(bundle));
        return row;
    }

    private Object uninstall(Bundle bundle, long begun) {
        bundles.uninstall(bundle);
        boolean lies =
                !Wiring.feature(bundle, context.getProperty("mailrack.home")).isEmpty();
        return said("uninstalled", bundle, begun)
                + (lies ? " until the next start: its jar lies in features still" : "");
    }

    private Object update(CommandSession session, List<String> rest, long begun) {
        Bundle bundle = bundles.find(rest.get(0));
        Path file = rest.size() > 1 ? file(session, rest.get(1)) : null;
        if (bundle.getBundleId() == 0) {
            throw new IllegalArgumentException("the container is updated by a new installation");
        }
        if (bundle.equals(context.getBundle())) {
            // The answer goes out before the bundle that gives it.
            String actor = Actor.current();
            Thread later = new Thread(
                    () -> {
                        Actor.begin(actor);
                        updateSelf(bundle, file);
                    },
                    "mailrack-shell-update");
            later.start();
            return "updating " + Bundles.name(bundle);
        }
        bundles.update(bundle, file);
        return said("updated", bundle, begun);
    }

    private void updateSelf(Bundle bundle, Path file) {
        try {
            bundles.update(bundle, file);
        } catch (IllegalArgumentException e) {
            log.warn("update failed bundle={} reason={}", Bundles.name(bundle), e.getMessage());
        }
    }

    private static Path file(CommandSession session, String text) {
        return session.currentDir().resolve(text).normalize();
    }

    private static String said(String what, Bundle bundle, long begun) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        log.info("bundle {} bundle={} version={} millis={}", what, Bundles.name(bundle), bundle.getVersion(), millis);
        return what + " " + Bundles.name(bundle) + " " + bundle.getVersion() + " in " + millis + " ms";
    }
}
