package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.hostile.HostileCard;
import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;
import org.mailrack.itests.rack.Wire;

/** A bad card in a running rack hurts only itself (promise 5), and {@code card list} says how it is. */
class CardsIT {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String COMPONENT = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="hostile" configuration-pid="hostile"
                activate="configure" modified="configure">
              <implementation class="org.mailrack.itests.hostile.HostileCard"/>
              <property name="filter.name" value="hostile"/>
              <property name="mode" value="MODE"/>
              <service><provide interface="org.mailrack.api.filter.MessageFilter"/></service>
            </scr:component>
            """;

    @TempDir
    static Path temp;

    private static Rack rack;

    @BeforeAll
    static void start() throws Exception {
        rack = Rack.init(
                        Installation.copyTo(temp.resolve("home")),
                        temp.resolve("base"),
                        "--hostname",
                        "hamburger.edu",
                        "--domain",
                        "hamburger.edu")
                .start();
        rack.addUser("bob@hamburger.edu", "pickles");
        Files.writeString(rack.etc("org.mailrack.filtering.filter-hostile.cfg"), """
                time.limit=500
                calls=2
                error.budget=5
                trial.after=2
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    /** A jar with the card, which is in that mode until settings say otherwise. */
    private static Path bundle(String mode) throws Exception {
        Path file = temp.resolve("hostile.jar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "org.mailrack.itests.hostile");
        main.putValue("Bundle-Version", "6.6.6");
        main.putValue("Import-Package", "org.mailrack.api.filter");
        main.putValue("Service-Component", "OSGI-INF/hostile.xml");
        main.putValue("Require-Capability", "osgi.extender;filter:=\"(osgi.extender=osgi.component)\"");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            String name = HostileCard.class.getName().replace('.', '/') + ".class";
            entries.putNextEntry(new JarEntry(name));
            try (InputStream in = HostileCard.class.getClassLoader().getResourceAsStream(name)) {
                in.transferTo(entries);
            }
            entries.putNextEntry(new JarEntry("OSGI-INF/hostile.xml"));
            entries.write(COMPONENT.replace("MODE", mode).getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static void deploy(String mode) throws Exception {
        Files.move(bundle(mode), rack.base().resolve("deploy/hostile.jar"));
    }

    @AfterEach
    void undeploy() throws Exception {
        Files.deleteIfExists(rack.etc("org.mailrack.filtering.cfg"));
        Files.deleteIfExists(rack.base().resolve("deploy/hostile.jar"));
        Await.until("the card is gone", SOON, () -> !rack.run("bundle", "list")
                .out()
                .contains("itests.hostile"));
        Files.deleteIfExists(rack.etc("hostile.cfg"));
    }

    /** What a mail is answered. */
    private static String mail() throws Exception {
        try (Wire smtp = Wire.connect(rack.port(25))) {
            smtp.expect("220 ");
            smtp.exchange("HELO crepes.fr", "250 ");
            smtp.exchange("MAIL FROM:<alice@crepes.fr>", "250 ");
            smtp.exchange("RCPT TO:<bob@hamburger.edu>", "250 ");
            smtp.exchange("DATA", "354 ");
            smtp.raw("Subject: hello\r\n\r\ntext\r\n.\r\n");
            String answer = smtp.line();
            smtp.exchange("QUIT", "221 ");
            return answer;
        }
    }

    /** The card's line of {@code card list}. */
    private static String card() throws Exception {
        return rack.run("card", "list")
                .ok()
                .out()
                .lines()
                .filter(line -> line.matches("filter +hostile .*"))
                .findFirst()
                .orElse("");
    }

    private static void awaitState(String state) {
        Await.until("the card is " + state, SOON, () -> card().matches("filter +hostile +" + state + " .*"));
    }

    @Test
    void aCardThatFailsIsTakenOutWhileMailFlowsAndComesBackOnTrial() throws Exception {
        awaitState("missing");
        deploy("throw");
        awaitState("in");
        for (int i = 0; i < 8; i++) {
            assertThat(mail()).startsWith("250 ");
        }
        assertThat(card()).contains("out", "6.6.6", "org.mailrack.itests.hostile", "NoClassDefFoundError");
        assertThat(rack.run("--json", "card", "list").ok().out())
                .contains("\"name\":\"hostile\",\"state\":\"out\"", "\"failures\":");
        Files.writeString(rack.etc("hostile.cfg"), "mode=good\n");
        Await.until(
                "the card is back", SOON, () -> mail().startsWith("250 ") && card().matches("filter +hostile +in .*"));
        assertThat(rack.log())
                .contains("filter out filter=hostile budget=5")
                .contains("filter on trial filter=hostile")
                .contains("filter back filter=hostile");
    }

    @Test
    void requiredItIsNamedInTheLogAndNotToTheClient() throws Exception {
        Files.writeString(rack.etc("org.mailrack.filtering.cfg"), "required=hostile\n");
        Await.until("required", SOON, () -> rack.log().contains("filtering changed required=[hostile]"));
        deploy("loop");
        awaitState("in");
        for (int i = 0; i < 7; i++) {
            assertThat(mail()).startsWith("451 4.7.1 ").doesNotContainIgnoringCase("hostile");
        }
        assertThat(card()).contains("out");
        assertThat(rack.log())
                .contains("filter=hostile required=true reason=\"over its time limit\"")
                .contains("filter=hostile stage=MESSAGE reason=\"required and out\"");
    }

    @Test
    void memoryThatACardTakesIsHadAgain() throws Exception {
        deploy("allocate");
        awaitState("in");
        for (int i = 0; i < 8; i++) {
            assertThat(mail()).startsWith("250 ");
        }
        assertThat(card()).contains("out");
        assertThat(rack.run("status").exit()).isZero();
    }

    @Test
    void aCardThatHangsInItsStartHoldsUpNoMail() throws Exception {
        deploy("hang-in-start");
        Await.until("it is found to hang", SOON, () -> card().contains("hangs in its start"));
        for (int i = 0; i < 5; i++) {
            assertThat(mail()).startsWith("250 ");
        }
        assertThat(card()).contains("missing");
    }
}
