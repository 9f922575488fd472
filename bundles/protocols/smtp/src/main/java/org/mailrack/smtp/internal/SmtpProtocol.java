package org.mailrack.smtp.internal;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

import org.mailrack.api.net.Connection;
import org.mailrack.api.net.Protocol;
import org.mailrack.api.net.Session;

/** One of the three protocols, apart from how the container puts it together. */
class SmtpProtocol implements Protocol {

    private final Flavor flavor;
    private final Services services;
    private final Supplier<SmtpSettings> settings;

    SmtpProtocol(Flavor flavor, Services services, Supplier<SmtpSettings> settings) {
        this.flavor = flavor;
        this.services = services;
        this.settings = settings;
    }

    @Override
    public Session open(Connection connection) {
        return new SmtpSession(connection, flavor, settings.get(), services);
    }

    @Override
    public boolean prompt() {
        return services.filters().promptBeforeMessage();
    }

    @Override
    public ByteBuffer refusal(Refusal reason) {
        String text =
                switch (reason) {
                    case TOO_MANY_CONNECTIONS -> "Too many connections, try again later";
                    case UNAVAILABLE -> "Service not available, try again later";
                };
        // RFC 5321 section 3.1: a greeting names the host.
        return ByteBuffer.wrap(
                Reply.plain(421, services.directory().hostname() + ' ' + text).octets());
    }
}
