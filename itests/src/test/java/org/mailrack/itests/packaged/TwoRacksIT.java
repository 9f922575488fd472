package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import jakarta.mail.Message;
import jakarta.mail.Multipart;
import jakarta.mail.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.rack.Clients;
import org.mailrack.itests.rack.Dns;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;

/** Alice at crepes.fr writes to Bob at hamburger.edu: two instances of one installation, and a DNS server between them. */
class TwoRacksIT {

    @TempDir
    Path temp;

    @Test
    void aliceSubmitsHerServerFindsTheMxBobReadsAndABounceComesBack() throws Exception {
        Installation installation = Installation.copyTo(temp.resolve("home"));
        try (Dns dns = new Dns().mx("hamburger.edu", 10, "mx.hamburger.edu");
                Rack hamburger = Rack.init(
                                installation,
                                temp.resolve("hamburger"),
                                "--hostname",
                                "mx.hamburger.edu",
                                "--domain",
                                "hamburger.edu")
                        .start();
                Rack crepes = Rack.init(
                                installation,
                                temp.resolve("crepes"),
                                "--hostname",
                                "mx.crepes.fr",
                                "--domain",
                                "crepes.fr",
                                "--resolver",
                                dns.address(),
                                "--relay-port",
                                String.valueOf(hamburger.port(25)))
                        .start()) {
            hamburger.addUser("bob@hamburger.edu", "pickles");
            crepes.addUser("alice@crepes.fr", "ketchup");

            Clients.submit(
                    crepes.port(587), "alice@crepes.fr", "ketchup", "bob@hamburger.edu", "Crêpes?", "Bon appétit\n");
            try (Store imap = Clients.imap(hamburger.port(143), "bob@hamburger.edu", "pickles")) {
                Message message = Clients.inbox(imap, 1)[0];
                assertThat(message.getSubject()).isEqualTo("Crêpes?");
                assertThat(message.getContent().toString().strip()).isEqualTo("Bon appétit");
                assertThat(message.getHeader("Received"))
                        .hasSize(2)
                        .satisfies(r -> assertThat(r[0]).contains("by mx.hamburger.edu"))
                        .satisfies(r ->
                                assertThat(r[1]).contains("by mx.crepes.fr").contains("ESMTPSA"));
                assertThat(message.getHeader("Return-Path")).containsExactly("<alice@crepes.fr>");
            }

            Clients.submit(crepes.port(587), "alice@crepes.fr", "ketchup", "nobody@hamburger.edu", "Lost", "text");
            try (Store imap = Clients.imap(crepes.port(143), "alice@crepes.fr", "ketchup")) {
                Message bounce = Clients.inbox(imap, 1)[0];
                assertThat(bounce.getContentType()).contains("multipart/report").contains("delivery-status");
                assertThat(bounce.getHeader("Return-Path")).containsExactly("<>");
                String status = new String(
                        ((Multipart) bounce.getContent())
                                .getBodyPart(1)
                                .getInputStream()
                                .readAllBytes(),
                        StandardCharsets.UTF_8);
                assertThat(status)
                        .contains("Final-Recipient: rfc822; nobody@hamburger.edu")
                        .contains("Action: failed")
                        .contains("Status: 5.1.1");
            }
        }
    }
}
