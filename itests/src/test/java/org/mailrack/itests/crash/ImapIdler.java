package org.mailrack.itests.crash;

import java.io.IOException;
import java.util.Random;

import org.mailrack.itests.rack.Wire;

/** Waits for news of an INBOX (RFC 2177), and reads all of it now and then. */
final class ImapIdler extends LoadClient {

    private final String account;

    ImapIdler(Load load, Random random, String account) {
        super(load, random);
        this.account = account;
    }

    @Override
    void session() throws IOException {
        try (Wire wire = Wire.connect(load.port(143))) {
            line(wire);
            if (!answer(wire, "a LOGIN " + account + ' ' + Load.PASSWORD, "a ")
                    || !answer(wire, "b SELECT INBOX", "b ")
                    || !answer(wire, "c UID FETCH 1:* (UID FLAGS RFC822.SIZE)", "c ")) {
                pause();
                return;
            }
            progress();
            wire.send("i IDLE");
            while (!line(wire).startsWith("+")) {
                // Responses may come before it.
            }
            for (int left = 1 + random.nextInt(20); left > 0 && !load.over(); left--) {
                line(wire);
                progress();
            }
            answer(wire, "DONE", "i ");
        }
    }

    private boolean answer(Wire wire, String command, String tag) throws IOException {
        wire.send(command);
        String line;
        do {
            line = line(wire);
        } while (!line.startsWith(tag));
        if (!line.startsWith("OK", tag.length())) {
            load.answers().no("IDLE", line.substring(tag.length()));
            return false;
        }
        return true;
    }
}
