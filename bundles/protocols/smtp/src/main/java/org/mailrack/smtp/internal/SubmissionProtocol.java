package org.mailrack.smtp.internal;

import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.net.Protocol;

/** {@code submission}: mail from our own users. */
@Component(service = Protocol.class, property = Protocol.NAME + "=submission")
public final class SubmissionProtocol extends SmtpProtocol {

    @Activate
    public SubmissionProtocol(@Reference SmtpServices shared, @Reference Authenticator authenticator) {
        super(Flavor.SUBMISSION, shared.services(Optional.of(authenticator)), shared::settings);
    }
}
