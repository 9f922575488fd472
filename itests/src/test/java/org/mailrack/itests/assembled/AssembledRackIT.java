package org.mailrack.itests.assembled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ops4j.pax.exam.CoreOptions.bootDelegationPackages;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

import javax.inject.Inject;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

import org.mailrack.api.directory.DirectoryAdmin;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.net.Endpoint;

/** The real features in a Felix container, driven by Angus Mail. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AssembledRackIT {

    private static final Map<String, String> ENDPOINTS = Map.of("smtp", "smtp", "pop3", "pop3", "imap", "imap");

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin configurations;

    private final Map<String, Integer> ports = new TreeMap<>();

    @Configuration
    public Option[] rack() throws IOException {
        Path base = Files.createTempDirectory("mailrack-assembled");
        base.toFile().deleteOnExit();
        File[] jars = new File(System.getProperty("mailrack.bundles")).listFiles((dir, name) -> name.endsWith(".jar"));
        Arrays.sort(jars, Comparator.comparing(File::getName));
        Option[] bundles = Arrays.stream(jars)
                // Is the container itself, and the test is no folder to watch.
                .filter(jar -> !jar.getName()
                        .matches("(org\\.apache\\.felix\\.(framework|fileinstall)|org\\.mailrack\\.settings)\\.jar"))
                .map(jar -> bundle(jar.toURI().toString()))
                .toArray(Option[]::new);
        return options(
                composite(bundles),
                junitBundles(),
                frameworkProperty("mailrack.base").value(base.toString()),
                frameworkProperty("mailrack.home").value(base.toString()),
                frameworkProperty("org.osgi.framework.bundle.parent").value("app"),
                frameworkProperty("gosh.args").value("--nointeractive"),
                bootDelegationPackages(
                        "jakarta.mail",
                        "jakarta.mail.*",
                        "jakarta.activation",
                        "org.eclipse.angus.*",
                        "org.assertj.*",
                        "net.bytebuddy.*"));
    }

    @Before
    public void endpoints() throws Exception {
        Dictionary<String, Object> directory = new Hashtable<>();
        directory.put("hostname", "hamburger.edu");
        directory.put("plaintext.loopback", "true");
        configurations.getConfiguration("org.mailrack.directory", "?").update(directory);
        for (var endpoint : ENDPOINTS.entrySet()) {
            int port = freePort();
            ports.put(endpoint.getKey(), port);
            Dictionary<String, Object> settings = new Hashtable<>();
            settings.put("name", endpoint.getKey());
            settings.put("protocol", endpoint.getValue());
            settings.put("address", "127.0.0.1");
            settings.put("port", String.valueOf(port));
            settings.put("tls", "starttls");
            configurations
                    .getFactoryConfiguration("org.mailrack.transport.endpoint", endpoint.getKey(), "?")
                    .update(settings);
        }
        for (int port : ports.values()) {
            await(
                    "port " + port + " accepts", () -> context
                            .getServiceReferences(
                                    Endpoint.class, "(&(endpoint.port=" + port + ")(endpoint.state=accepting))")
                            .stream()
                            .findAny()
                            .isPresent());
        }
    }

    @After
    public void noEndpoints() throws Exception {
        for (var configuration :
                configurations.listConfigurations("(service.factoryPid=org.mailrack.transport.endpoint)")) {
            configuration.delete();
        }
    }

    @Test
    public void everyBundleOfEveryFeatureIsActiveAndNoneImportsAnotherImplementation() {
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            assertThat(bundle.getState())
                    .as(bundle.getSymbolicName())
                    .isEqualTo(fragment ? Bundle.RESOLVED : Bundle.ACTIVE);
            String name = String.valueOf(bundle.getSymbolicName());
            if (name.startsWith("org.mailrack.")) {
                String imports = String.valueOf(bundle.getHeaders().get(Constants.IMPORT_PACKAGE));
                assertThat(imports.replaceAll("org\\.mailrack\\.api\\.[a-z]+", "")
                                .replaceAll("org\\.mailrack\\.libs\\.[a-z.]+", ""))
                        .as("imports of " + name)
                        .doesNotContain("org.mailrack.");
                assertThat(String.valueOf(bundle.getHeaders().get(Constants.EXPORT_PACKAGE)))
                        .as("exports of " + name)
                        .doesNotContain(".internal");
            }
        }
    }

    @Test
    public void aMailComesInBySmtpAndIsReadByPop3AndImap() throws Exception {
        DirectoryAdmin admin = service(DirectoryAdmin.class);
        admin.addDomain("hamburger.edu");
        admin.addAccount(MailAddress.parse("bob@hamburger.edu"), "pickles".toCharArray());

        Session session = Session.getInstance(new Properties());
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("alice@crepes.fr"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("bob@hamburger.edu"));
        message.setSubject("Ketchup");
        message.setText("Do you like ketchup?\r\n.\r\nHow about pickles?\r\n");
        try (Transport smtp = session.getTransport("smtp")) {
            smtp.connect("127.0.0.1", ports.get("smtp"), null, null);
            smtp.sendMessage(message, message.getAllRecipients());
        }

        try (Store imap = session.getStore("imap")) {
            imap.connect("127.0.0.1", ports.get("imap"), "bob@hamburger.edu", "pickles");
            Folder inbox = imap.getFolder("INBOX");
            inbox.open(Folder.READ_WRITE);
            await("the mail is there", () -> inbox.getMessageCount() == 1);
            Message read = inbox.getMessage(1);
            assertThat(read.getContent()).isEqualTo("Do you like ketchup?\r\n.\r\nHow about pickles?\r\n");
            assertThat(inbox.getMessage(1).isSet(Flags.Flag.SEEN)).isTrue();
            Folder archive = imap.getFolder("Archive");
            assertThat(archive.exists()).isTrue();
            inbox.copyMessages(new Message[] {read}, archive);
            assertThat(archive.getMessageCount()).isEqualTo(1);
        }
        try (Store pop3 = session.getStore("pop3")) {
            pop3.connect("127.0.0.1", ports.get("pop3"), "bob@hamburger.edu", "pickles");
            Folder inbox = pop3.getFolder("INBOX");
            inbox.open(Folder.READ_WRITE);
            assertThat(inbox.getMessageCount()).isEqualTo(1);
            assertThat(inbox.getMessage(1).getSubject()).isEqualTo("Ketchup");
            inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
            inbox.close(true);
            inbox.open(Folder.READ_ONLY);
            assertThat(inbox.getMessageCount()).isZero();
        }
    }

    @Test
    public void stoppingAndStartingAProtocolBundleBringsItBackOnTheSamePort() throws Exception {
        Bundle pop3 = Arrays.stream(context.getBundles())
                .filter(b -> "org.mailrack.pop3".equals(b.getSymbolicName()))
                .findFirst()
                .orElseThrow();
        pop3.stop();
        await("the endpoint waits", () -> state("pop3").equals("waiting"));
        assertThat(state("imap")).isEqualTo("accepting");
        pop3.start();
        await("the endpoint accepts", () -> state("pop3").equals("accepting"));
    }

    private String state(String endpoint) throws Exception {
        for (ServiceReference<Endpoint> reference :
                context.getServiceReferences(Endpoint.class, "(endpoint.name=" + endpoint + ")")) {
            return String.valueOf(reference.getProperty("endpoint.state"));
        }
        return "absent";
    }

    private <T> T service(Class<T> type) {
        await(type.getSimpleName() + " is there", () -> context.getServiceReference(type) != null);
        return context.getService(context.getServiceReference(type));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(String what, Callable<Boolean> condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new AssertionError("not in time: " + what, last);
    }
}
