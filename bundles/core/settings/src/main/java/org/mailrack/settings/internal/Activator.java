package org.mailrack.settings.internal;

import java.util.Hashtable;
import java.util.Map;

import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/** An activator and no component: it must be there before FileInstall first looks, and Declarative Services may be later. */
public final class Activator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        SettingsInstaller installer = new SettingsInstaller(() -> configurations(context), context::getProperty);
        // Above FileInstall's own reader, which ranks 0.
        context.registerService(
                ArtifactInstaller.class, installer, new Hashtable<>(Map.of(Constants.SERVICE_RANKING, 1000)));
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
