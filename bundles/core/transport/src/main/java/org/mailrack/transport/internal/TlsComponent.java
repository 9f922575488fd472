package org.mailrack.transport.internal;

import java.nio.file.Path;

import javax.net.ssl.SSLContext;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import org.mailrack.api.directory.Directory;
import org.mailrack.api.net.TlsContext;

/** Offers the certificate as a service. Does nothing at its start: the first handshake, or the transport soon after, loads it. */
@Component(service = TlsContext.class, configurationPid = "org.mailrack.transport.tls")
@Designate(ocd = TlsComponent.Config.class)
public final class TlsComponent implements TlsContext {

    @ObjectClassDefinition(name = "Mailrack TLS", description = "The server's certificate and key, in PEM files")
    @interface Config {
        @AttributeDefinition(
                name = "Certificate",
                description = "Certificate chain, the server's own first; relative to the instance's etc folder")
        String certificate() default "tls/cert.pem";

        @AttributeDefinition(
                name = "Key",
                description = "Private key, not encrypted; relative to the instance's etc folder")
        String key() default "tls/key.pem";
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Directory directory;

    private final Certificates certificates;

    @Activate
    public TlsComponent(BundleContext context, Config config) {
        String base = context.getProperty("mailrack.base");
        Path instance = base == null ? context.getDataFile("instance").toPath() : Path.of(base);
        Path etc = instance.resolve("etc");
        certificates = new Certificates(
                etc.resolve(config.certificate()),
                etc.resolve(config.key()),
                instance.resolve("data").resolve("tls"),
                this::hostname);
    }

    private String hostname() {
        Directory present = directory;
        return present == null ? "localhost" : present.hostname();
    }

    @Override
    public SSLContext server() {
        return certificates.server();
    }
}
