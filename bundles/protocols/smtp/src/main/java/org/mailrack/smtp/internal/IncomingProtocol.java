package org.mailrack.smtp.internal;

import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.net.Protocol;

/** {@code smtp}: mail from other servers. */
@Component(service = Protocol.class, property = Protocol.NAME + "=smtp")
public final class IncomingProtocol extends SmtpProtocol {

    @Activate
    public IncomingProtocol(@Reference SmtpServices shared) {
        super(Flavor.SMTP, shared.services(Optional.empty()), shared::settings);
    }
}
