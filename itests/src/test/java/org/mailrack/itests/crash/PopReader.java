package org.mailrack.itests.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.mailrack.itests.rack.Wire;

/** Retrieves messages by POP3 and looks at every octet. */
final class PopReader extends LoadClient {

    private final String account;

    PopReader(Load load, Random random, String account) {
        super(load, random);
        this.account = account;
    }

    @Override
    void session() throws IOException {
        try (Wire wire = Wire.connect(load.port(110))) {
            line(wire);
            if (!ok(wire, "USER " + account) || !ok(wire, "PASS " + Load.PASSWORD) || !ok(wire, "STAT")) {
                pause();
                return;
            }
            wire.send("LIST");
            line(wire);
            int count = lines(wire).size();
            for (int left = Math.min(count, 1 + random.nextInt(10)); left > 0 && !load.over(); left--) {
                retrieve(wire, 1 + random.nextInt(count));
                pause();
            }
            wire.send("QUIT");
            line(wire);
            progress();
        }
    }

    private boolean ok(Wire wire, String command) throws IOException {
        wire.send(command);
        String line = line(wire);
        if (!line.startsWith("+OK")) {
            load.answers().no("POP3", line);
            return false;
        }
        return true;
    }

    private void retrieve(Wire wire, int number) throws IOException {
        // Whole, and not RETR, which sets a flag that the others know nothing of. Another client may have removed it.
        if (!ok(wire, "TOP " + number + " 1000000")) {
            return;
        }
        List<String> lines = lines(wire);
        progress();
        Optional<LoadMail> mail = lines.stream()
                .filter(line -> line.startsWith(LoadMail.FIELD))
                .findFirst()
                .flatMap(LoadMail::named);
        String octets = String.join("\r\n", lines) + "\r\n";
        if (mail.isEmpty() || !mail.get().isIn(octets.getBytes(StandardCharsets.ISO_8859_1))) {
            load.expectations().problem(account + " has got other octets by POP3 than were sent: " + mail);
        }
    }

    private static List<String> lines(Wire wire) throws IOException {
        List<String> lines = new java.util.ArrayList<>();
        for (String line = LoadClient.line(wire); !line.equals("."); line = LoadClient.line(wire)) {
            lines.add(line.startsWith(".") ? line.substring(1) : line);
        }
        return lines;
    }
}
