package org.mailrack.itests.rack;

import java.time.Duration;
import java.util.Properties;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

/** Angus Mail, set up as a mail program on this machine would be. Trusts the self-signed certificate of a fresh rack. */
public final class Clients {

    private Clients() {}

    public static Session session(String protocol) {
        Properties properties = new Properties();
        properties.put("mail." + protocol + ".ssl.trust", "*");
        properties.put("mail." + protocol + ".ssl.checkserveridentity", "false");
        properties.put("mail." + protocol + ".connectiontimeout", "10000");
        properties.put("mail." + protocol + ".timeout", "20000");
        return Session.getInstance(properties);
    }

    private static Session startTls(String protocol) {
        Session session = session(protocol);
        session.getProperties().put("mail." + protocol + ".starttls.enable", "true");
        session.getProperties().put("mail." + protocol + ".starttls.required", "true");
        session.getProperties().put("mail." + protocol + ".auth", "true");
        return session;
    }

    /** Submits a text by authenticated SMTP with STARTTLS. */
    public static void submit(int port, String account, String password, String to, String subject, String text)
            throws MessagingException {
        Session session = startTls("smtp");
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(account));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
        message.setSubject(subject, "UTF-8");
        message.setText(text, "UTF-8");
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect("127.0.0.1", port, account, password);
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    public static Store imap(int port, String account, String password) throws MessagingException {
        Store store = startTls("imap").getStore("imap");
        store.connect("127.0.0.1", port, account, password);
        return store;
    }

    public static Store pop3(int port, String account, String password) throws MessagingException {
        Store store = startTls("pop3").getStore("pop3");
        store.connect("127.0.0.1", port, account, password);
        return store;
    }

    /** The messages of INBOX, once there are as many. */
    public static Message[] inbox(Store imap, int count) throws MessagingException {
        Folder inbox = imap.getFolder("INBOX");
        inbox.open(Folder.READ_ONLY);
        try {
            Await.until(
                    "there are " + count + " messages", Duration.ofSeconds(20), () -> inbox.getMessageCount() >= count);
        } catch (AssertionError e) {
            throw new AssertionError("only " + inbox.getMessageCount() + " messages", e);
        }
        return inbox.getMessages();
    }
}
