package org.mailrack.shell.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows what does not work, from the states of bundles and components. The launcher, which shares no class of ours, waits for
 * the service's property {@code mailrack.failures}: what will not get better by waiting, of the features' components.
 */
@Component(immediate = true, service = Diagnosis.class)
public final class Diagnosis {

    private static final String FAILURES = "mailrack.failures";
    private static final String ENDPOINT = "org.mailrack.api.net.Endpoint";
    private static final long PAUSE_MILLIS = 50;

    private static final Logger log = LoggerFactory.getLogger(Diagnosis.class);

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final SettingsDoctor settings;
    private final ServiceRegistration<?> registration;
    private final AtomicBoolean due = new AtomicBoolean();
    private final ServiceListener listener = event -> look();
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "mailrack-diagnosis");
        thread.setDaemon(true);
        return thread;
    });

    private List<String> told = List.of();

    @Activate
    public Diagnosis(BundleContext context, @Reference ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
        this.settings = new SettingsDoctor(context);
        Supplier<List<String>> lines =
                () -> problems().stream().map(Problem::line).toList();
        this.registration = context.registerService(Supplier.class, lines, properties());
        try {
            context.addServiceListener(
                    listener, "(" + Constants.OBJECTCLASS + "=" + ServiceComponentRuntime.class.getName() + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        look();
    }

    @Deactivate
    void deactivate() {
        context.removeServiceListener(listener);
        looker.shutdownNow();
        registration.unregister();
    }

    /** Many changes come at once; one look afterwards is enough. */
    private void look() {
        if (due.compareAndSet(false, true)) {
            try {
                looker.schedule(this::tell, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("diagnosis ends");
            }
        }
    }

    private void tell() {
        due.set(false);
        try {
            List<String> failures = failures();
            if (!failures.equals(told)) {
                told = failures;
                registration.setProperties(properties());
            }
        } catch (IllegalStateException e) {
            // A bundle went away meanwhile, maybe this one.
            log.debug("diagnosis ended reason={}", e.toString());
        }
    }

    private Hashtable<String, Object> properties() {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("mailrack.diagnosis", Boolean.TRUE);
        properties.put(FAILURES, told.toArray(String[]::new));
        return properties;
    }

    private List<String> failures() {
        List<Problem> failed = new ArrayList<>();
        boolean damaged = false;
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(component)) {
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION && ofFeature(component)) {
                    failed.add(failure(component, configuration));
                    damaged = true;
                }
            }
        }
        if (damaged) {
            // The settings tell it better, if it was they.
            List<Problem> wrong = settings.wrong();
            return (wrong.isEmpty() ? failed : wrong)
                    .stream().map(Problem::line).distinct().toList();
        }
        return List.of();
    }

    private boolean ofFeature(ComponentDescriptionDTO component) {
        Bundle bundle = context.getBundle(component.bundle.id);
        return bundle != null
                && !Wiring.feature(bundle, context.getProperty("mailrack.home")).isEmpty();
    }

    /** Everything that does not work. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(settings.wrong());
        problems.addAll(settings.unknown());
        for (Bundle bundle : context.getBundles()) {
            problems.addAll(bundleProblems(bundle));
        }
        problems.addAll(endpointProblems());
        problems.addAll(Told.by(context, "mailrack.bundles.refused"));
        Collection<ComponentDescriptionDTO> all = components.getComponentDescriptionDTOs();
        Set<String> provided = all.stream()
                .flatMap(component -> Arrays.stream(component.serviceInterfaces))
                .collect(Collectors.toSet());
        for (ComponentDescriptionDTO component : all) {
            // Of a chain of components that wait for each other, only the end says something.
            problems.addAll(componentProblems(component, provided));
        }
        return problems;
    }

    /** What does not work in one bundle, down to what others would have to give it. */
    List<Problem> of(Bundle bundle) {
        List<Problem> problems = new ArrayList<>(bundleProblems(bundle));
        Collection<ComponentDescriptionDTO> all = components.getComponentDescriptionDTOs();
        Deque<ComponentDescriptionDTO> open = new ArrayDeque<>(components.getComponentDescriptionDTOs(bundle));
        Set<String> asked = new HashSet<>();
        for (ComponentDescriptionDTO component : open) {
            asked.add(identity(component));
        }
        while (!open.isEmpty()) {
            ComponentDescriptionDTO component = open.poll();
            problems.addAll(componentProblems(component, Set.of()));
            problems.addAll(absentSettings(component));
            for (ComponentDescriptionDTO provider : all) {
                if (waitsFor(component, provider) && asked.add(identity(provider))) {
                    open.add(provider);
                }
            }
        }
        return problems;
    }

    private static String identity(ComponentDescriptionDTO component) {
        return component.bundle.id + " " + component.name;
    }

    private boolean waitsFor(ComponentDescriptionDTO component, ComponentDescriptionDTO provider) {
        for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(component)) {
            for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                if (List.of(provider.serviceInterfaces)
                        .contains(wanted(component, reference).split(" ")[0])) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A component that is there only with settings, and has none. That may well be meant. */
    private List<Problem> absentSettings(ComponentDescriptionDTO component) {
        boolean absent = "require".equals(component.configurationPolicy)
                && components.getComponentConfigurationDTOs(component).stream()
                        .allMatch(c -> c.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION);
        return absent
                ? List.of(new Problem(
                        component.name,
                        "waits for settings: etc/" + String.join(".cfg, etc/", component.configurationPid)
                                + ".cfg, or the same with -NAME before .cfg"))
                : List.of();
    }

    private List<Problem> bundleProblems(Bundle bundle) {
        List<Problem> problems = new ArrayList<>();
        List<String> missing = Wiring.missing(bundle, List.of(context.getBundles()));
        for (String requirement : missing) {
            problems.add(new Problem(Bundles.name(bundle), "not resolved: " + requirement));
        }
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        boolean idle = bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED;
        if (missing.isEmpty() && idle && !Bundles.fragment(bundle)) {
            boolean wanted = level != null && level.isPersistentlyStarted();
            problems.add(new Problem(Bundles.name(bundle), wanted ? "does not start, see the log" : "stopped"));
        }
        return problems;
    }

    /** Endpoints that do not listen, for example because their port is taken. */
    private List<Problem> endpointProblems() {
        List<Problem> problems = new ArrayList<>();
        try {
            ServiceReference<?>[] failed = context.getAllServiceReferences(ENDPOINT, "(endpoint.state=failed)");
            for (ServiceReference<?> endpoint : failed == null ? new ServiceReference<?>[0] : failed) {
                String subject = "endpoint " + endpoint.getProperty("endpoint.name");
                String reason = String.valueOf(endpoint.getProperty("endpoint.reason"));
                // It names the endpoint itself.
                String start = subject + ": ";
                problems.add(
                        new Problem(subject, reason.startsWith(start) ? reason.substring(start.length()) : reason));
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return problems;
    }

    private List<Problem> componentProblems(ComponentDescriptionDTO component, Set<String> expected) {
        List<Problem> problems = new ArrayList<>();
        for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(component)) {
            switch (configuration.state) {
                case ComponentConfigurationDTO.FAILED_ACTIVATION -> problems.add(failure(component, configuration));
                case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
                    for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                        String wanted = wanted(component, reference);
                        if (!expected.contains(wanted)) {
                            problems.add(new Problem(component.name, "waits for a service " + wanted));
                        }
                    }
                }
                default -> {
                    // satisfied, active, or waiting for settings that need not be there
                }
            }
        }
        return problems;
    }

    private static String wanted(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO reference) {
        for (var declared : component.references) {
            if (declared.name.equals(reference.name)) {
                return declared.interfaceName + (reference.target == null ? "" : " " + reference.target);
            }
        }
        return reference.name;
    }

    private static Problem failure(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        Object file = configuration.properties.get("felix.fileinstall.filename");
        String subject = file == null ? component.name : SettingsDoctor.file(file.toString());
        return new Problem(subject, Failures.sentence(configuration.failure == null ? "?" : configuration.failure));
    }
}
