package org.mailrack.itests.crash;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

import org.mailrack.itests.rack.Clients;

/** Sends mails with Angus Mail, a connection for each. */
final class AngusSender extends LoadClient {

    AngusSender(Load load, Random random) {
        super(load, random);
    }

    @Override
    void session() throws IOException {
        LoadMail mail = load.mail(random);
        List<String> recipients = SmtpSender.recipients(load, random);
        Session session = Clients.session("smtp");
        session.getProperties().put("mail.smtp.from", "load@crepes.fr");
        try (Transport transport = session.getTransport("smtp")) {
            MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(mail.octets()));
            Address[] addresses = InternetAddress.parse(String.join(",", recipients));
            transport.connect("127.0.0.1", load.port(25), null, null);
            load.expectations().sending(mail, SmtpSender.accounts(load, recipients));
            transport.sendMessage(message, addresses);
            load.expectations().accepted(mail);
            load.answers().yes("SMTP");
            progress();
        } catch (SMTPSendFailedException e) {
            if (e.getReturnCode() < 400) {
                throw new IOException(e);
            }
            if (!doubtful()) {
                load.expectations().refused(mail);
            }
            load.answers().no("SMTP", e.getMessage().strip());
        } catch (MessagingException e) {
            // It writes on without a look at the 421 that has come, and finds the connection closed.
            String message = String.valueOf(e.getMessage());
            if (load.isSwapping() && (message.contains("421") || message.contains("Can't send command"))) {
                throw new Goodbye(message);
            }
            throw new IOException(e);
        }
        pause();
    }
}
