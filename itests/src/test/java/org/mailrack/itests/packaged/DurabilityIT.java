package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import jakarta.mail.Message;
import jakarta.mail.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.rack.Clients;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;
import org.mailrack.itests.rack.Wire;

/** Promises 1 and 2: what was answered 250 survives kill -9, and is delivered once. */
class DurabilityIT {

    @TempDir
    Path temp;

    @Test
    void whatWasAnswered250IsThereOnceAfterKillMinusNine() throws Exception {
        Installation installation = Installation.copyTo(temp.resolve("home"));
        try (Rack rack = Rack.init(installation, temp.resolve("base"), "--domain", "hamburger.edu")
                .start()) {
            rack.addUser("bob@hamburger.edu", "pickles");
            List<String> acknowledged = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                send(rack, "round " + round, 40, acknowledged);
                rack.kill();
                assertThat(rack.run("status").exit())
                        .as("LSB: dead, and the pid file is there")
                        .isEqualTo(1);
                rack.start();
            }
            try (Store imap = Clients.imap(rack.port(143), "bob@hamburger.edu", "pickles")) {
                List<String> subjects = new ArrayList<>();
                for (Message message : Clients.inbox(imap, acknowledged.size())) {
                    subjects.add(message.getSubject());
                }
                assertThat(subjects).containsExactlyInAnyOrderElementsOf(acknowledged);
            }
        }
    }

    /** Sends on one connection; a subject is noted when its 250 has come. */
    private static void send(Rack rack, String name, int count, List<String> acknowledged) throws Exception {
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 ");
            smtp.exchange("HELO crepes.fr", "250 ");
            for (int i = 0; i < count; i++) {
                smtp.exchange("MAIL FROM:<alice@crepes.fr>", "250 ");
                smtp.exchange("RCPT TO:<bob@hamburger.edu>", "250 ");
                smtp.exchange("DATA", "354 ");
                smtp.send("Subject: " + name + " mail " + i);
                smtp.send("");
                smtp.send("text");
                smtp.exchange(".", "250 ");
                acknowledged.add(name + " mail " + i);
            }
        }
    }
}
