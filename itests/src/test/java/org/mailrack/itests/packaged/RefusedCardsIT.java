package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;

/** A card that cannot or may not come in stays out, the reason is said in words, and it comes in once the reason is gone. */
class RefusedCardsIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String MANIFEST = "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: ";

    @TempDir
    static Path temp;

    private static Installation installation;
    private static Rack rack;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.copyTo(temp.resolve("home"));
        rack = Rack.init(installation, temp.resolve("base"), "--hostname", "hamburger.edu", "--domain", "hamburger.edu")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    private static Path deploy(String name) {
        return rack.base().resolve("deploy").resolve(name);
    }

    /** @param headers more lines of the manifest */
    private static byte[] bundle(String name, String headers, Map<String, String> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(JarFile.MANIFEST_NAME));
            zip.write((MANIFEST + name + "\n" + headers + "\n").getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private static void awaitState(String name, String state) {
        Await.until(name + " is " + state, SOON, () -> rack.run("bundle", "list")
                .ok()
                .out()
                .lines()
                .anyMatch(line -> line.matches("\\d+ +" + name + " .*" + state + ".*")));
    }

    private static void awaitRefused(Path file, String reason) throws IOException {
        Await.until(file + " " + reason, SOON, () -> rack.run("diagnose")
                .ok()
                .out()
                .lines()
                .anyMatch(line -> line.contains(file.toString()) && line.contains(reason)));
        assertThat(rack.log()).contains(file.toString());
        assertThat(rack.log().lines().filter(line -> line.contains("bundle not taken file=" + file + " ")))
                .as("said in the log")
                .anyMatch(line -> line.contains(reason));
    }

    private static void awaitNotRefused(Path file) {
        Await.until(
                file + " is no problem",
                SOON,
                () -> !rack.run("diagnose").ok().out().contains(file.toString()));
    }

    @Test
    void aJarThatIsHalfCopiedIsNamedAndTakenWhenItIsWhole() throws Exception {
        byte[] whole = bundle("test.half", "", Map.of("some", "text ".repeat(100)));
        Path jar = deploy("half.jar");
        Files.write(jar, Arrays.copyOf(whole, whole.length - 10));
        awaitRefused(jar, "is no jar, or not a whole one");
        Files.write(jar, whole);
        awaitState("test.half", "ACTIVE");
        awaitNotRefused(jar);

        // A new version that is damaged leaves the old one where it is.
        byte[] next = bundle("test.half", "Bundle-Version: 2\n", Map.of("some", "text ".repeat(200)));
        byte[] damaged = next.clone();
        Arrays.fill(damaged, next.length / 2, next.length, (byte) 0);
        Files.write(jar, damaged);
        awaitRefused(jar, "is no jar, or not a whole one");
        awaitState("test.half", "0\\.0\\.0 +ACTIVE");
        Files.write(jar, next);
        awaitState("test.half", "2\\.0\\.0 +ACTIVE");
        Files.delete(jar);
        Await.until(
                "it is gone", SOON, () -> !rack.run("bundle", "list").ok().out().contains("test.half"));
    }

    @Test
    void aJarThatIsNoBundleIsNamedAndLeftAlone() throws Exception {
        Path jar = deploy("library.jar");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("some/Library.class"));
        }
        Files.write(jar, out.toByteArray());
        awaitRefused(jar, "is not a bundle: its manifest has no Bundle-SymbolicName");
        Rack.Result refused = rack.run("bundle", "install", jar.toString());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("is not a bundle").hasLineCount(1);
        Files.delete(jar);
        awaitNotRefused(jar);
    }

    @Test
    void whySaysWhichPackageJavaServiceOrSettingIsMissingAndWhatThereIsInstead() throws Exception {
        Files.write(
                deploy("newer.jar"),
                bundle(
                        "test.newer",
                        "Import-Package: org.mailrack.api.filter;version=\"[99,100)\",com.example.nowhere;version=\"1.2\"\n"
                                + "Require-Capability: osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"\n",
                        Map.of()));
        awaitState("test.newer", "INSTALLED");
        String why = rack.run("bundle", "why", "test.newer").ok().out();
        assertThat(why)
                .containsPattern(
                        "needs the package org\\.mailrack\\.api\\.filter in a version of \\[99\\.0\\.0,100\\.0\\.0\\);"
                                + " there is \\d+\\.\\d+\\.\\d+ of org\\.mailrack\\.api")
                .contains("needs the package com.example.nowhere in version 1.2.0 or later; no bundle exports it")
                .contains("needs JavaSE 99 or later; this is Java "
                        + Runtime.version().feature());
        assertThat(rack.run("diagnose").ok().out()).contains("test.newer");
        Rack.Result start = rack.run("bundle", "start", "test.newer");
        assertThat(start.exit()).isEqualTo(1);
        assertThat(start.err()).contains("there is 0.").hasLineCount(1);

        // A component whose service somebody would offer who himself waits for settings.
        Files.write(deploy("waits.jar"), component("test.waits", "<reference interface='test.Given' name='given'/>"));
        Files.write(
                deploy("gives.jar"),
                component(
                        "test.gives",
                        "<service><provide interface='test.Given'/></service>"
                                + "<reference interface='test.Nowhere' name='nowhere'/>"));
        awaitState("test.gives", "ACTIVE");
        awaitState("test.waits", "ACTIVE");
        assertThat(rack.run("bundle", "why", "test.waits").ok().out())
                .containsPattern("test\\.waits +waits for a service test\\.Given")
                .containsPattern("test\\.gives +waits for a service test\\.Nowhere");
        Files.write(
                deploy("settings.jar"),
                component(
                        "test.settings' configuration-policy='require",
                        "<service><provide interface='test.Nowhere'/></service>"));
        awaitState("test.settings", "ACTIVE");
        assertThat(rack.run("bundle", "why", "test.waits").ok().out())
                .contains("waits for settings: etc/test.settings.cfg");
        for (String name : List.of("newer", "waits", "gives", "settings")) {
            Files.delete(deploy(name + ".jar"));
        }
        Await.until(
                "nothing is wrong", SOON, () -> rack.run("diagnose").ok().out().isEmpty());
    }

    /** A component that is never made, since something is missing, needs no class. */
    private static byte[] component(String name, String parts) throws IOException {
        String bundle = name.replaceFirst("'.*", "");
        String xml = "<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0' immediate='true' name='" + name
                + "'><implementation class='test.Nothing'/>" + parts + "</scr:component>";
        return bundle(bundle, "Service-Component: OSGI-INF/c.xml\n", Map.of("OSGI-INF/c.xml", xml));
    }

    @Test
    void aFolderThatEverybodyCanWriteToIsNotFollowed() throws Exception {
        Path deploy = rack.base().resolve("deploy");
        Path jar = deploy("open.jar");
        Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwxrwxrwx"));
        try {
            Files.write(jar, bundle("test.open", "", Map.of()));
            awaitRefused(jar, "its folder is writable by everybody: chmod o-w " + deploy);
            assertThat(rack.log()).contains("folder not followed folder=" + deploy);
            assertThat(rack.run("bundle", "list").ok().out()).doesNotContain("test.open");
        } finally {
            Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwx------"));
        }
        awaitState("test.open", "ACTIVE");
        // What is there stays when somebody who may be anybody takes its jar away.
        Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwxrwxrwx"));
        Await.until(
                "the folder is not followed",
                SOON,
                () -> rack.run("diagnose").ok().out().contains("deploy"));
        Files.delete(jar);
        Thread.sleep(1500);
        awaitState("test.open", "ACTIVE");
        Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwx------"));
        Await.until(
                "it is gone", SOON, () -> !rack.run("bundle", "list").ok().out().contains("test.open"));

        Path feature = installation.feature("pop3");
        rack.run("stop").ok();
        Files.setPosixFilePermissions(feature, PosixFilePermissions.fromString("rwxrwxrwx"));
        Rack.Result refused = rack.run("start");
        Files.setPosixFilePermissions(feature, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains(feature + " is writable by everybody: chmod o-w")
                .hasLineCount(1);
        rack.start();
    }

    @Test
    void onlyWhatIsSignedByATrustedCertificateComesInWhenTheOperatorAsksForThat() throws Exception {
        Path keys = temp.resolve("keys.p12");
        String[] store = {"-keystore", keys.toString(), "-storepass", "changeit"};
        tool("keytool", store, "-genkeypair", "-alias", "us", "-dname", "CN=us", "-keyalg", "EC");
        tool("keytool", store, "-genkeypair", "-alias", "them", "-dname", "CN=them", "-keyalg", "EC");
        Path trusted = rack.etc("deploy-certificates.pem");
        tool("keytool", store, "-exportcert", "-rfc", "-alias", "us", "-file", trusted.toString());
        Path settings = rack.etc("mailrack.cfg");
        String before = Files.readString(settings);
        Path plain = temp.resolve("plain.jar");
        Path ours = temp.resolve("ours.jar");
        Path theirs = temp.resolve("theirs.jar");
        Files.write(plain, bundle("test.signed", "", Map.of("some", "text")));
        tool("jarsigner", store, "-signedjar", ours.toString(), plain.toString(), "us");
        tool("jarsigner", store, "-signedjar", theirs.toString(), plain.toString(), "them");
        Path jar = deploy("signed.jar");
        try {
            Files.writeString(settings, before.replace("deploy.trust=any", "deploy.trust=signed"));
            Files.copy(plain, jar);
            awaitRefused(jar, "is not signed");
            assertNotInstalled(plain, "is not signed");
            assertNotInstalled(theirs, "is signed by CN=them, who is not trusted");
            Files.delete(jar);
            Files.copy(ours, jar);
            awaitState("test.signed", "ACTIVE");
            Rack.Result update = rack.run("bundle", "update", "test.signed", theirs.toString());
            assertThat(update.exit()).isEqualTo(1);
            assertThat(update.err()).contains("is signed by CN=them").hasLineCount(1);
            rack.run("bundle", "update", "test.signed", ours.toString()).ok();

            // At a start it is asked again.
            rack.run("stop").ok();
            Files.writeString(settings, before.replace("deploy.trust=any", "deploy.trust=none"));
            rack.start();
            awaitRefused(jar, "deploy.trust=none");
            assertThat(rack.run("bundle", "list").ok().out()).doesNotContain("test.signed");
            assertNotInstalled(ours, "deploy.trust=none");
            Files.writeString(settings, before);
            awaitState("test.signed", "ACTIVE");
            assertThat(Files.readString(rack.base().resolve("log/audit.log")))
                    .containsPattern("bundle installed by=\\S+ bundle=test\\.signed version=0\\.0\\.0");
        } finally {
            Files.writeString(settings, before);
            Files.deleteIfExists(jar);
        }
    }

    private static void assertNotInstalled(Path jar, String reason) throws Exception {
        Rack.Result result = rack.run("bundle", "install", jar.toString());
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains(reason).hasLineCount(1);
    }

    private static void tool(String name, String[] store, String... words) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
        if (name.equals("keytool")) {
            line.addAll(List.of(words));
            line.addAll(List.of(store));
        } else {
            line.addAll(List.of(store));
            line.addAll(List.of(words));
        }
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
