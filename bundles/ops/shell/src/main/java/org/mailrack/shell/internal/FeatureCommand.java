package org.mailrack.shell.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The command {@code feature}. */
@Component(
        service = FeatureCommand.class,
        property = {"osgi.command.scope=mailrack", "osgi.command.function=feature"})
public final class FeatureCommand {

    private final BundleContext context;

    @Activate
    public FeatureCommand(BundleContext context) {
        this.context = context;
    }

    @Descriptor("the features that are there, each a folder of bundles in the installation")
    public Object feature(String... args) {
        Words words = Words.of("feature list", args);
        if (!words.action().equals("list")) {
            throw words.wrong();
        }
        words.rest(0, 0);
        Map<String, List<Bundle>> features = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            String feature = Wiring.feature(bundle, context.getProperty("mailrack.home"));
            if (!feature.isEmpty()) {
                features.computeIfAbsent(feature, name -> new ArrayList<>()).add(bundle);
            }
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        features.forEach((name, bundles) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", name);
            row.put("state", state(bundles));
            row.put("bundles", bundles.stream().map(Bundles::name).sorted().toList());
            rows.add(row);
        });
        return rows;
    }

    private static String state(List<Bundle> bundles) {
        long running = bundles.stream()
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE
                        || bundle.getState() == Bundle.STARTING
                        || Bundles.fragment(bundle) && bundle.getState() == Bundle.RESOLVED)
                .count();
        return running == bundles.size() ? "active" : running == 0 ? "stopped" : "partial";
    }
}
