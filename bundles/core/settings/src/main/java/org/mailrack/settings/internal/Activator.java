package org.mailrack.settings.internal;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/** An activator and no component: it must be there before FileInstall first looks, and Declarative Services may be later. */
public final class Activator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        SettingsCheck check = new SettingsCheck(context);
        SettingsInstaller installer = new SettingsInstaller(
                () -> configurations(context),
                context::getProperty,
                // At the start there is nothing in force that could stay: whoever gets a wrong setting says so, and
                // nothing starts.
                (file, settings) -> running(context) ? check.faults(file, settings) : List.of());
        context.registerService(
                Supplier.class, installer::refused, new Hashtable<>(Map.of("mailrack.settings.refused", true)));
        // Above FileInstall's own reader, which ranks 0.
        context.registerService(
                ArtifactInstaller.class, installer, new Hashtable<>(Map.of(Constants.SERVICE_RANKING, 1000)));
    }

    private static boolean running(BundleContext context) {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.ACTIVE;
    }

    /** Asked for anew each time: the container's own services can be replaced too. */
    private static ConfigurationAdmin configurations(BundleContext context) {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        ConfigurationAdmin configurations = reference == null ? null : context.getService(reference);
        if (configurations == null) {
            throw new IllegalStateException("the container's Configuration Admin is absent");
        }
        return configurations;
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }
}
