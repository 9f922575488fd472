package org.mailrack.relay.internal;

import java.time.Duration;
import java.util.List;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

import org.mailrack.api.delivery.Delivery;
import org.mailrack.api.delivery.Transport;
import org.mailrack.api.directory.Directory;

/** The relay as a service. */
@Component(
        service = Transport.class,
        immediate = true,
        configurationPid = "org.mailrack.relay",
        property = "transport.name=relay")
@Designate(ocd = RelayComponent.Config.class)
public final class RelayComponent implements Transport {

    @ObjectClassDefinition(name = "Mailrack relay", description = "Sends mail to other servers by SMTP")
    @interface Config {
        @AttributeDefinition(name = "Resolver", description = "DNS server as HOST:PORT; empty for the system's")
        String resolver() default "";

        @AttributeDefinition(name = "Port", description = "Port of other servers")
        int port() default 25;

        @AttributeDefinition(
                name = "TLS",
                options = {
                    @Option(label = "if offered", value = "may"),
                    @Option(label = "always", value = "encrypt"),
                    @Option(label = "never", value = "none")
                })
        String tls() default "may";

        @AttributeDefinition(name = "Conversations at a time")
        int max_conversations() default 20;

        @AttributeDefinition(name = "Conversations at a time with one destination")
        int max_per_destination() default 5;

        @AttributeDefinition(name = "Jobs that wait", description = "Mail beyond this stays in the spool for later")
        int max_queued() default 2000;

        @AttributeDefinition(name = "Recipients per transaction", description = "RFC 5321 section 4.5.3.1.8")
        int max_recipients() default 100;

        @AttributeDefinition(name = "Servers tried per attempt")
        int max_hosts() default 6;

        @AttributeDefinition(name = "Seconds to connect")
        int connect_timeout() default 30;

        @AttributeDefinition(name = "Seconds for greeting, EHLO, MAIL, RCPT", description = "RFC 5321 section 4.5.3.2")
        int command_timeout() default 300;

        @AttributeDefinition(name = "Seconds for the answer to DATA")
        int data_start_timeout() default 120;

        @AttributeDefinition(name = "Seconds for each piece of the message")
        int data_block_timeout() default 180;

        @AttributeDefinition(name = "Seconds for the answer to the final dot")
        int data_end_timeout() default 600;
    }

    private final RelayTransport relay;

    @Activate
    public RelayComponent(@Reference Directory directory, Config config) {
        relay = new RelayTransport(settings(config), directory::hostname);
    }

    private static RelaySettings settings(Config config) {
        return new RelaySettings(
                config.resolver(),
                config.port(),
                RelaySettings.Tls.of(config.tls()),
                config.max_conversations(),
                config.max_per_destination(),
                config.max_queued(),
                config.max_recipients(),
                config.max_hosts(),
                seconds(config.connect_timeout(), "connect.timeout"),
                seconds(config.command_timeout(), "command.timeout"),
                seconds(config.data_start_timeout(), "data.start.timeout"),
                seconds(config.data_block_timeout(), "data.block.timeout"),
                seconds(config.data_end_timeout(), "data.end.timeout"));
    }

    private static Duration seconds(int count, String setting) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "relay: not a positive number of seconds (setting " + setting + " in org.mailrack.relay.cfg)");
        }
        return Duration.ofSeconds(count);
    }

    @Deactivate
    void stop() {
        relay.close();
    }

    @Override
    public void deliver(List<Delivery> batch) {
        relay.deliver(batch);
    }
}
