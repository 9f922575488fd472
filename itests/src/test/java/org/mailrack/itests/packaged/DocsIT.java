package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.itests.rack.Await;
import org.mailrack.itests.rack.Document;
import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;
import org.mailrack.itests.rack.Stage;

/**
 * What the documentation shows is what happens: each block marked {@code sh} is run, in the order of its page, on a
 * {@link Stage} that says which words it changes; each block of Java or XML stands in the sources.
 */
class DocsIT {

    private static final Path EXAMPLES =
            Path.of(System.getProperty("mailrack.examples")).normalize();
    private static final Path ROOT = EXAMPLES.resolveSibling("");
    private static final Path PACKAGED =
            Path.of(System.getProperty("mailrack.packaged")).normalize();
    private static final Path FILTER = EXAMPLES.resolve("filter-subject-tag/target/filter-subject-tag.jar");

    @TempDir
    Path temp;

    @Test
    void readme() throws Exception {
        Document page = page("README.md");
        Stage stage = new Stage(temp);
        Installation installation = Installation.copyTo(stage.path("/opt/mailrack"));
        stage.stands("distribution/target/mailrack", installation.home().toString());
        Files.copy(ROOT.resolve("README.md"), stage.workplace().resolve("README.md"));
        // What the demo would make, on ports that are free.
        Rack rack = Rack.at(installation, installation.home(), stage.offset(10_000));
        rack.run(
                        "init",
                        "--hostname",
                        "hamburger.edu",
                        "--domain",
                        "crepes.fr",
                        "--domain",
                        "hamburger.edu",
                        "--port-offset",
                        String.valueOf(stage.offset(10_000)))
                .ok();
        Files.writeString(
                rack.etc("org.mailrack.directory.cfg"), "\nplaintext.loopback=true\n", StandardOpenOption.APPEND);
        Process demo = rack.process("run", "--demo").redirectErrorStream(true).start();
        try {
            String said = untilReady(demo);
            Matcher password =
                    Pattern.compile("(?m)^ *bob@hamburger\\.edu +(\\S+)$").matcher(said);
            assertThat(password.find())
                    .as("the demo shows bob's password: %s", said)
                    .isTrue();
            stage.stands("PASSWORD", password.group(1));
            // A reader is slower than a delivery; the test is not.
            runAll(
                    page,
                    stage,
                    () -> Await.until(
                            "the mail is delivered",
                            Duration.ofSeconds(20),
                            () -> rack.run("queue", "list").ok().out().isBlank()));
        } finally {
            // Ctrl-C on it; the process is the server itself.
            demo.destroy();
            assertThat(demo.waitFor(40, TimeUnit.SECONDS)).as("the demo stops").isTrue();
        }
        assertThat(demo.exitValue()).isZero();
    }

    private static String untilReady(Process demo) throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    StringBuilder said = new StringBuilder();
                    try {
                        BufferedReader reader = demo.inputReader(StandardCharsets.UTF_8);
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            said.append(line).append('\n');
                            if (line.startsWith("Stop with Ctrl-C")) {
                                break;
                            }
                        }
                    } catch (IOException e) {
                        said.append(e);
                    }
                    return said.toString();
                })
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void operating() throws Exception {
        Stage stage = new Stage(temp);
        try (Stream<Path> files = Files.list(PACKAGED.getParent())) {
            Path archive = files.filter(f -> f.getFileName().toString().matches("mailrack-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow();
            Files.copy(archive, stage.workplace().resolve(archive.getFileName().toString()));
        }
        Files.copy(FILTER, stage.workplace().resolve("filter-subject-tag.jar"), StandardCopyOption.COPY_ATTRIBUTES);
        certificate(Files.createDirectories(stage.path("/etc/letsencrypt/live/mail.example.com")));
        runAllAndStop(page("docs/operating.md"), stage);
    }

    @Test
    void extending() throws Exception {
        Stage stage = new Stage(temp);
        Installation installation = Installation.copyTo(stage.path("/opt/mailrack"));
        Files.createSymbolicLink(stage.path("/usr/local/bin/mailrack"), installation.command());
        Path target = Files.createDirectories(
                stage.workplace().resolve(ROOT.relativize(FILTER).getParent()));
        Files.copy(FILTER, target.resolve(FILTER.getFileName()));
        runAllAndStop(page("docs/extending.md"), stage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/operating.md", "docs/extending.md"})
    void codeOnThePageStandsInTheSources(String name) throws Exception {
        List<String> sources = sources();
        for (Document.Block block : page(name).blocks()) {
            assertThat(block.language()).as(block.where()).isIn("sh", "text", "java", "xml");
            if (block.language().equals("java") || block.language().equals("xml")) {
                String text = block.text().stripIndent();
                assertThat(sources.stream().anyMatch(source -> source.contains(text)))
                        .as("a source file has the lines of %s: %s", block.where(), text)
                        .isTrue();
            }
        }
    }

    /** Each source as it is, and less each indentation that a page may have left out. */
    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.walk(EXAMPLES), Files.walk(ROOT.resolve("bundles")))) {
            return files.filter(f -> f.toString().matches(".*/src/main/.*\\.java|.*/pom\\.xml"))
                    .map(DocsIT::read)
                    .flatMap(text -> Stream.of(0, 4, 6, 8, 12, 16).map(indent -> text.lines()
                            .map(line -> line.startsWith(" ".repeat(indent)) ? line.substring(indent) : line)
                            .reduce("", (all, line) -> all + line + "\n")))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Document page(String name) throws IOException {
        Document page = Document.read(ROOT.resolve(name));
        assertThat(page.blocks("sh")).as("%s has blocks to run", name).isNotEmpty();
        return page;
    }

    private static void runAllAndStop(Document page, Stage stage) throws Exception {
        try {
            runAll(page, stage, () -> {});
        } finally {
            Path command = stage.path("/usr/local/bin/mailrack");
            try (Stream<Path> bases = Files.list(stage.path("/srv"))) {
                for (Path base : bases.toList()) {
                    Process stop = new ProcessBuilder(command.toString(), "--base", base.toString(), "stop")
                            .inheritIO()
                            .start();
                    stop.waitFor(60, TimeUnit.SECONDS);
                }
            }
        }
    }

    private static void runAll(Document page, Stage stage, Runnable between) throws Exception {
        boolean curl = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl")));
        if (!curl) {
            System.err.println("DocsIT: there is no curl here, so " + page.file() + " is NOT tried");
        }
        assumeTrue(curl, "curl, which the page uses, is not here");
        for (Document.Block block : page.blocks("sh")) {
            stage.run(block);
            between.run();
        }
    }

    /** What an ACME client would have left there. */
    private static void certificate(Path folder) throws Exception {
        Path store = folder.resolve("made.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=mail.example.com",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore made = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        pem(
                folder.resolve("fullchain.pem"),
                "CERTIFICATE",
                made.getCertificate("x").getEncoded());
        pem(
                folder.resolve("privkey.pem"),
                "PRIVATE KEY",
                made.getKey("x", "changeit".toCharArray()).getEncoded());
    }

    private static void pem(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
