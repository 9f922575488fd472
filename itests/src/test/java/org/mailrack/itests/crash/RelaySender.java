package org.mailrack.itests.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.Set;

import org.mailrack.itests.rack.Wire;

/** Submits mails for another server. */
final class RelaySender extends LoadClient {

    static final String DOMAIN = "crepes.fr";

    private final Set<String> accepted;

    /** @param accepted gets the names of mails that were answered 250 */
    RelaySender(Load load, Random random, Set<String> accepted) {
        super(load, random);
        this.accepted = accepted;
    }

    @Override
    void session() throws IOException {
        String account = load.accounts().get(0);
        String plain = Base64.getEncoder()
                .encodeToString(("\0" + account + "\0" + Load.PASSWORD).getBytes(StandardCharsets.US_ASCII));
        try (Wire wire = Wire.connect(load.port(587))) {
            if (!ask(wire, null, "220")
                    || !ask(wire, "EHLO client", "250")
                    || !ask(wire, "AUTH PLAIN " + plain, "235")) {
                pause();
                return;
            }
            for (int left = 1 + random.nextInt(10); left > 0 && !load.over(); left--) {
                LoadMail mail = new LoadMail(load.mail(random).token(), random.nextInt(2000));
                if (ask(wire, "MAIL FROM:<" + account + ">", "250")
                        && ask(wire, "RCPT TO:<remote@" + DOMAIN + ">", "250")
                        && ask(wire, "DATA", "354")) {
                    wire.raw(new String(mail.stuffed(), StandardCharsets.ISO_8859_1));
                    if (ask(wire, ".", "250")) {
                        accepted.add(mail.token());
                        progress();
                    }
                } else if (!ask(wire, "RSET", "250")) {
                    return;
                }
                pause();
            }
            ask(wire, "QUIT", "221");
        }
    }

    private boolean ask(Wire wire, String command, String code) throws IOException {
        if (command != null) {
            wire.send(command);
        }
        String line = line(wire);
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line(wire);
        }
        if (!line.startsWith(code)) {
            load.answers().no("SUBMIT", line);
            return false;
        }
        return true;
    }
}
