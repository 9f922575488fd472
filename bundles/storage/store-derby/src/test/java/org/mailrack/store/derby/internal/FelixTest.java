package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.derby.jdbc.EmbeddedDataSource;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

import org.mailrack.api.store.AccountStore;
import org.mailrack.api.store.MailboxStore;

/** The bundle, the wrapped engine and declarative services in a real container. */
class FelixTest {

    private static final long PATIENCE_MILLIS = 40_000;

    @TempDir
    Path base;

    private Framework framework;
    private Bundle bundle;

    @BeforeEach
    void start() throws Exception {
        String api = String.join(
                ",",
                "org.mailrack.api.mail;version=0.1.0",
                "org.mailrack.api.mailbox;version=0.1.0",
                "org.mailrack.api.store;version=0.1.0",
                "org.slf4j;version=2.0.17",
                "org.osgi.util.function;version=1.2.0",
                "org.osgi.util.promise;version=1.3.0");
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", base.resolve("cache").toString(),
                        "org.osgi.framework.system.packages.extra", api,
                        "mailrack.base", base.toString()));
        framework.start();
        BundleContext context = framework.getBundleContext();
        install(context, "org.osgi.service.component.ComponentContext");
        install(context, "org.apache.felix.scr.impl.Activator").start();
        install(context, EmbeddedDataSource.class.getName()).start();
        bundle = install(context, Database.class.getName());
        bundle.start();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(PATIENCE_MILLIS);
    }

    private static Bundle install(BundleContext context, String className) throws Exception {
        CodeSource source = Class.forName(className, false, FelixTest.class.getClassLoader())
                .getProtectionDomain()
                .getCodeSource();
        return context.installBundle("reference:" + source.getLocation());
    }

    private <T> T service(Class<T> type) throws Exception {
        BundleContext context = framework.getBundleContext();
        List<ServiceReference<T>> found = List.of();
        for (long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000; found.isEmpty(); Thread.onSpinWait()) {
            assertThat(System.nanoTime()).as("time for %s to appear", type).isLessThan(end);
            found = List.copyOf(context.getServiceReferences(type, "(store.name=derby)"));
        }
        return context.getService(found.get(0));
    }

    @Test
    void theStoresStartWithNoConfigurationAndSurviveAnUpdate() throws Exception {
        long id = service(MailboxStore.class)
                .create("bob", "INBOX", Optional.empty())
                .id();
        service(AccountStore.class).addDomain("example.org");
        assertThat(base.resolve("data/db/service.properties")).exists();
        WeakReference<ClassLoader> before =
                new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
        bundle.update();
        refresh();
        assertThat(service(MailboxStore.class).mailbox(id)).isPresent();
        assertThat(service(AccountStore.class).domains()).containsExactly("example.org");
        for (long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000; before.get() != null; System.gc()) {
            assertThat(System.nanoTime())
                    .as("time for the old class loader to go")
                    .isLessThan(end);
        }
    }

    private void refresh() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(Set.of(bundle), event -> done.countDown());
        assertThat(done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    }

    @Test
    void stoppingTheBundleClosesTheDatabase() throws Exception {
        service(AccountStore.class).addDomain("example.org");
        bundle.stop();
        assertThat(framework.getBundleContext().getServiceReference(MailboxStore.class))
                .isNull();
        Database direct = Databases.open(base);
        assertThat(new DerbyAccountStore(direct).domains()).containsExactly("example.org");
        direct.close();
        bundle.start();
        assertThat(service(AccountStore.class).domains()).containsExactly("example.org");
    }
}
