package org.mailrack.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/**
 * Waits until every endpoint that etc/ names accepts connections, told by the properties of the services that the transport
 * registers, or until it is clear that one never will.
 */
final class Readiness {

    private static final String ENDPOINT = "org.mailrack.api.net.Endpoint";
    /** Set on the shell's service that knows what stands in the way. */
    private static final String DIAGNOSIS = "mailrack.diagnosis";

    /** So long nothing happens before it is asked whether anything still can. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final String FAILURES = "mailrack.failures";

    /** An endpoint as its service describes it. */
    record State(String name, String protocol, String address, int port, String tls, String state, String reason) {

        boolean accepting() {
            return state.equals("accepting");
        }

        boolean failed() {
            return state.equals("failed");
        }
    }

    private final BundleContext context;
    private final List<String> expected;

    private boolean changed;

    Readiness(BundleContext context, Instance instance) {
        this.context = context;
        this.expected = expected(instance);
    }

    /** The names of the endpoints that are set up and not switched off. */
    static List<String> expected(Instance instance) {
        List<String> names = new ArrayList<>();
        for (Path file : instance.endpointFiles()) {
            Properties settings = Instance.load(file);
            if (!settings.getProperty("enabled", "true").strip().equals("false")) {
                String fileName = file.getFileName().toString();
                String otherwise =
                        fileName.substring(Instance.ENDPOINT_PREFIX.length(), fileName.length() - ".cfg".length());
                names.add(settings.getProperty("name", otherwise).strip());
            }
        }
        return names;
    }

    /** Waits; returns what is wrong, or nothing when all accept. */
    List<String> await(Duration limit) throws InterruptedException {
        ServiceListener listener = event -> wake();
        try {
            context.addServiceListener(
                    listener, "(|(" + Constants.OBJECTCLASS + "=" + ENDPOINT + ")(" + DIAGNOSIS + "=*))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        try {
            long end = System.nanoTime() + limit.toNanos();
            while (true) {
                List<String> failures = failures();
                if (!failures.isEmpty()) {
                    return failures;
                }
                if (missing().isEmpty()) {
                    return List.of();
                }
                long now = System.nanoTime();
                if (!sleep(Math.min(end, now + QUIET.toNanos()))) {
                    if (onlyProtocolsAbsent()) {
                        return List.of();
                    }
                    if (System.nanoTime() >= end) {
                        return overdue(limit);
                    }
                }
            }
        } finally {
            context.removeServiceListener(listener);
        }
    }

    /**
     * Whether nothing is on its way any more: all bundles are started, nothing stands in the way of any, and what is missing are
     * protocols that no bundle brings, as when an operator has taken a feature out. That is no reason to serve nobody.
     */
    private boolean onlyProtocolsAbsent() {
        boolean started = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.ACTIVE;
        Map<String, State> states = endpoints();
        boolean waiting = missing().stream()
                .allMatch(name ->
                        states.containsKey(name) && states.get(name).state().equals("waiting"));
        boolean diagnosed =
                !references(Supplier.class.getName(), "(" + DIAGNOSIS + "=*)").isEmpty();
        return started && waiting && diagnosed && diagnosis().isEmpty();
    }

    private synchronized void wake() {
        changed = true;
        notifyAll();
    }

    private synchronized boolean sleep(long end) throws InterruptedException {
        while (!changed) {
            long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        changed = false;
        return true;
    }

    /** The endpoints there are, by name. */
    Map<String, State> endpoints() {
        Map<String, State> states = new TreeMap<>();
        for (ServiceReference<?> reference : references(ENDPOINT, null)) {
            State state = new State(
                    text(reference, "name"),
                    text(reference, "protocol"),
                    text(reference, "address"),
                    reference.getProperty("endpoint.port") instanceof Number port ? port.intValue() : 0,
                    text(reference, "tls"),
                    text(reference, "state"),
                    text(reference, "reason"));
            states.put(state.name(), state);
        }
        return states;
    }

    private static String text(ServiceReference<?> reference, String name) {
        Object value = reference.getProperty("endpoint." + name);
        return value == null ? "" : value.toString();
    }

    private List<String> missing() {
        Map<String, State> states = endpoints();
        return expected.stream()
                .filter(name -> !states.containsKey(name) || !states.get(name).accepting())
                .toList();
    }

    /** What will not get better by waiting. */
    private List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (State state : endpoints().values()) {
            if (state.failed()) {
                failures.add(state.reason().isEmpty() ? "endpoint " + state.name() + " failed" : state.reason());
            }
        }
        for (ServiceReference<?> reference : references(null, "(" + DIAGNOSIS + "=*)")) {
            if (reference.getProperty(FAILURES) instanceof String[] found) {
                failures.addAll(List.of(found));
            }
        }
        return failures;
    }

    private List<String> overdue(Duration limit) {
        List<String> lines = new ArrayList<>();
        Map<String, State> states = endpoints();
        for (String name : missing()) {
            State state = states.get(name);
            String why = state == null
                    ? "its configuration found no transport"
                    : "no bundle brings the protocol " + state.protocol();
            lines.add("endpoint " + name + " does not accept after " + limit.toSeconds() + " s: " + why);
        }
        lines.addAll(diagnosis());
        return lines;
    }

    /** What the shell finds standing in the way. The service is of a class that the container shares with all. */
    List<String> diagnosis() {
        List<String> lines = new ArrayList<>();
        for (ServiceReference<?> reference : references(Supplier.class.getName(), "(" + DIAGNOSIS + "=*)")) {
            Object service = context.getService(reference);
            if (service instanceof Supplier<?> supplier && supplier.get() instanceof List<?> problems) {
                problems.forEach(problem -> lines.add(String.valueOf(problem)));
            }
            context.ungetService(reference);
        }
        return lines;
    }

    private List<ServiceReference<?>> references(String className, String filter) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(className, filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
