package org.mailrack.itests.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.mailrack.itests.rack.Wire;

/** Sends mails by SMTP and notes each answer the moment it was read. */
final class SmtpSender extends LoadClient {

    SmtpSender(Load load, Random random) {
        super(load, random);
    }

    @Override
    void session() throws IOException {
        try (Wire wire = Wire.connect(load.port(25))) {
            reply(wire);
            wire.send("EHLO crepes.fr");
            reply(wire);
            for (int left = 1 + random.nextInt(40); left > 0 && !load.over(); left--) {
                send(wire);
                pause();
            }
            wire.send("QUIT");
            reply(wire);
        }
    }

    private void send(Wire wire) throws IOException {
        LoadMail mail = load.mail(random);
        List<String> recipients = recipients(load, random);
        List<String> commands = new ArrayList<>(List.of("MAIL FROM:<load@crepes.fr>"));
        recipients.forEach(recipient -> commands.add("RCPT TO:<" + recipient + ">"));
        commands.add("DATA");
        boolean pipelining = random.nextBoolean();
        if (pipelining) {
            wire.raw(String.join("\r\n", commands) + "\r\n");
        }
        String refused = null;
        for (String command : commands) {
            if (!pipelining) {
                wire.send(command);
            }
            String answer = reply(wire);
            if (!answer.startsWith(command.equals("DATA") ? "354" : "250")) {
                refused = refused == null ? answer : refused;
            } else if (command.equals("DATA") && refused != null) {
                throw new IOException("DATA was answered " + answer + " after " + refused);
            }
        }
        if (refused != null) {
            load.answers().no("SMTP", refused);
            wire.send("RSET");
            reply(wire);
            return;
        }
        wire.raw(new String(mail.stuffed(), StandardCharsets.ISO_8859_1));
        load.expectations().sending(mail, accounts(load, recipients));
        wire.raw(".\r\n");
        String answer = reply(wire);
        if (answer.startsWith("250")) {
            load.expectations().accepted(mail);
            load.answers().yes("SMTP");
            progress();
        } else {
            if (!doubtful()) {
                load.expectations().refused(mail);
            }
            load.answers().no("SMTP", answer);
        }
    }

    /** One to three addresses, of which an alias may be one. */
    static List<String> recipients(Load load, Random random) {
        List<String> all = new ArrayList<>(load.accounts());
        all.add(Load.TEAM);
        Collections.shuffle(all, random);
        return List.copyOf(new LinkedHashSet<>(all.subList(0, 1 + random.nextInt(all.size()))));
    }

    /** Who gets a mail for these addresses, each of them once. */
    static Set<String> accounts(Load load, List<String> recipients) {
        return recipients.contains(Load.TEAM) ? new TreeSet<>(load.accounts()) : new TreeSet<>(recipients);
    }

    /** Reads a reply of any number of lines; returns the last one. */
    private static String reply(Wire wire) throws IOException {
        String line = line(wire);
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line(wire);
        }
        return line;
    }
}
