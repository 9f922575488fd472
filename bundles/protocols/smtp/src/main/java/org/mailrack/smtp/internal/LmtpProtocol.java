package org.mailrack.smtp.internal;

import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.net.Protocol;

/** {@code lmtp}: mail for local mailboxes from a server beside this one. */
@Component(service = Protocol.class, property = Protocol.NAME + "=lmtp")
public final class LmtpProtocol extends SmtpProtocol {

    @Activate
    public LmtpProtocol(@Reference SmtpServices shared) {
        super(Flavor.LMTP, shared.services(Optional.empty()), shared::settings);
    }
}
