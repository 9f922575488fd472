package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {

    private static final String PASSWORD = "changeit";
    /** Does not compress to almost nothing. */
    private static final String CODE =
            new Random(1).ints(5000, 'a', 'z').mapToObj(Character::toString).collect(Collectors.joining());

    private static final String MANIFEST =
            "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: a.b\n\n";

    @TempDir
    static Path keys;

    @TempDir
    Path base;

    private Instance instance;
    private Gate gate;

    /** An issuer, one whom he gave a certificate for code, one whom he gave one for servers, and a stranger; one is too old. */
    @BeforeAll
    static void makeKeys() throws Exception {
        keytool("-genkeypair", "-alias", "issuer", "-dname", "CN=issuer", "-ext", "bc:c=ca:true");
        keytool("-genkeypair", "-alias", "stranger", "-dname", "CN=stranger");
        keytool(
                "-genkeypair",
                "-alias",
                "old",
                "-dname",
                "CN=old",
                "-startdate",
                "2020/01/01 00:00:00",
                "-validity",
                "10");
        for (String[] of : List.of(new String[] {"coder", "codeSigning"}, new String[] {"server", "serverAuth"})) {
            keytool("-genkeypair", "-alias", of[0], "-dname", "CN=" + of[0]);
            Path request = keys.resolve(of[0] + ".csr");
            Path answer = keys.resolve(of[0] + ".crt");
            keytool("-certreq", "-alias", of[0], "-file", request.toString());
            keytool(
                    "-gencert",
                    "-alias",
                    "issuer",
                    "-infile",
                    request.toString(),
                    "-outfile",
                    answer.toString(),
                    "-ext",
                    "eku=" + of[1]);
            keytool("-importcert", "-noprompt", "-alias", of[0], "-file", answer.toString());
        }
    }

    private static void keytool(String... words) throws Exception {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
        line.addAll(List.of(words));
        line.addAll(List.of("-keystore", keys.resolve("keys.p12").toString(), "-storepass", PASSWORD));
        if (words[0].equals("-genkeypair")) {
            line.addAll(List.of("-keyalg", "EC"));
        }
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static KeyStore keys() throws Exception {
        try (InputStream in = Files.newInputStream(keys.resolve("keys.p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        }
    }

    @BeforeEach
    void makeInstance() throws IOException {
        for (String folder : List.of("etc", "data/tmp", "deploy")) {
            Files.createDirectories(base.resolve(folder));
        }
        instance = new Instance(base, base);
        gate = new Gate(instance);
    }

    private void trust(String mode, String... aliases) throws Exception {
        Files.writeString(base.resolve("etc/mailrack.cfg"), "deploy.trust=" + mode + "\n");
        StringBuilder pem = new StringBuilder();
        for (String alias : aliases) {
            byte[] encoded = keys().getCertificate(alias).getEncoded();
            pem.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder().encodeToString(encoded))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        Files.writeString(base.resolve("etc/deploy-certificates.pem"), pem.toString());
    }

    private Path jar(Map<String, String> entries) throws IOException {
        Path jar = base.resolve("deploy/a.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private Path bundle() throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(JarFile.MANIFEST_NAME, MANIFEST);
        entries.put("a/b/C.class", CODE);
        entries.put("META-INF/services/x", "a.b.C");
        return jar(entries);
    }

    private Path signed(String alias) throws Exception {
        Path plain = bundle();
        Path signed = base.resolve("deploy/signed.jar");
        KeyStore.PrivateKeyEntry key = (KeyStore.PrivateKeyEntry)
                keys().getEntry(alias, new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
        try (ZipFile in = new ZipFile(plain.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            new JarSigner.Builder(key).build().sign(in, out);
        }
        return signed;
    }

    private void assertRefused(Path jar, String reason) throws IOException {
        assertThatThrownBy(() -> gate.passFrom(base.resolve("deploy"), jar))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(reason);
        try (var left = Files.list(base.resolve("data/tmp"))) {
            assertThat(left).as("copies left behind").isEmpty();
        }
    }

    private void assertPasses(Path jar) throws Exception {
        Path copy = gate.passFrom(base.resolve("deploy"), jar);
        assertThat(copy).hasSameBinaryContentAs(jar).hasParentRaw(base.resolve("data/tmp"));
        Files.delete(copy);
    }

    @Test
    void aWholeBundlePassesWhenAnythingIsTrusted() throws Exception {
        assertPasses(bundle());
        trust("any");
        assertPasses(bundle());
    }

    @Test
    void aJarThatIsHalfCopiedDamagedOrNoBundleIsRefusedInWords() throws Exception {
        byte[] whole = Files.readAllBytes(bundle());
        Path jar = base.resolve("deploy/a.jar");
        for (int length : new int[] {0, 1, 100, whole.length / 2, whole.length - 1}) {
            Files.write(jar, Arrays.copyOf(whole, length));
            assertRefused(jar, "is no jar, or not a whole one");
        }
        Files.writeString(jar, "no jar at all");
        assertRefused(jar, "is no jar, or not a whole one");
        // One bit of the code, in the middle of what is compressed.
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 4;
        Files.write(jar, damaged);
        assertThatThrownBy(() -> gate.passFrom(jar.getParent(), jar))
                .isInstanceOf(Refusal.class)
                .hasMessageMatching("is (damaged|no jar, or not a whole one).*a/b/C.class.*");
        assertRefused(jar(Map.of("a", "b")), "is not a bundle: its manifest has no Bundle-SymbolicName");
        assertRefused(jar(Map.of(JarFile.MANIFEST_NAME, "Manifest-Version: 1.0\n\n")), "is not a bundle");
        assertRefused(jar(Map.of(JarFile.MANIFEST_NAME, "\u0000 no manifest")), "");
    }

    @Test
    void aJarWithTwoEntriesOfOneNameIsRefused() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : List.of(JarFile.MANIFEST_NAME, "a/b/C.class", "a/b/D.class")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(MANIFEST.getBytes(StandardCharsets.UTF_8));
            }
        }
        String same = out.toString(StandardCharsets.ISO_8859_1).replace("a/b/D.class", "a/b/C.class");
        Path jar = base.resolve("deploy/a.jar");
        Files.writeString(jar, same, StandardCharsets.ISO_8859_1);
        assertRefused(jar, "has two entries with the name a/b/C.class");
    }

    @Test
    void nothingPassesWhenNothingMayComeInAtRunTime() throws Exception {
        trust("none");
        assertRefused(bundle(), "deploy.trust=none");
        assertRefused(signed("coder"), "deploy.trust=none");
    }

    @Test
    void onlyWhatATrustedCertificateSignedPassesWhenThatIsAsked() throws Exception {
        trust("signed", "issuer");
        assertRefused(bundle(), "is not signed, and deploy.trust=signed");
        assertPasses(signed("coder"));
        assertRefused(signed("server"), "is signed by CN=server, whose certificate is not for signing code");
        assertRefused(signed("stranger"), "is signed by CN=stranger, who is not trusted");
        trust("signed", "stranger");
        assertPasses(signed("stranger"));
        assertRefused(signed("coder"), "is signed by CN=coder, who is not trusted");
        // Named itself, whatever its certificate is for.
        trust("signed", "server", "old");
        assertPasses(signed("server"));
        assertRefused(signed("old"), "is signed by CN=old, whose certificate is not valid now");
    }

    @Test
    void whatWasChangedOrAddedAfterItWasSignedIsRefused() throws Exception {
        trust("signed", "coder");
        assertRefused(rewritten("a/b/C.class", "other code"), "was changed after it was signed");
        assertRefused(rewritten("META-INF/services/x", "a.b.D"), "was changed after it was signed");
        assertRefused(rewritten("a/b/Added.class", "more code"), "is not covered by a signature");
        assertRefused(rewritten("META-INF/services/y", "a.b.D"), "is not covered by a signature");
        assertRefused(rewritten("META-INF/more/X.SF", "a.b.D"), "is not covered by a signature");
        Path signed = signed("coder");
        try (JarFile file = new JarFile(signed.toFile())) {
            String manifest = new String(
                    file.getInputStream(file.getEntry(JarFile.MANIFEST_NAME)).readAllBytes(), StandardCharsets.UTF_8);
            assertRefused(
                    rewritten(JarFile.MANIFEST_NAME, manifest.replaceFirst("a\\.b", "a.c")),
                    "was changed after it was signed");
        }
    }

    /** The signed bundle with one entry changed or added. */
    private Path rewritten(String name, String text) throws Exception {
        Path signed = signed("coder");
        Path changed = base.resolve("deploy/changed.jar");
        try (ZipFile in = new ZipFile(signed.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(changed))) {
            boolean there = false;
            for (ZipEntry entry : (Iterable<ZipEntry>) in.stream().map(e -> (ZipEntry) e)::iterator) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                boolean here = entry.getName().equals(name);
                there |= here;
                out.write(
                        here
                                ? text.getBytes(StandardCharsets.UTF_8)
                                : in.getInputStream(entry).readAllBytes());
            }
            if (!there) {
                out.putNextEntry(new ZipEntry(name));
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return changed;
    }

    @Test
    void aFolderOrAJarThatEverybodyCanWriteToIsRefused() throws Exception {
        Path jar = bundle();
        Path deploy = base.resolve("deploy");
        Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused(jar, "its folder is writable by everybody: chmod o-w " + deploy);
        Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwxrwxr-x"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertRefused(jar, "is writable by everybody: chmod o-w " + jar);
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
        assertPasses(jar);
    }

    @Test
    void settingsThatAreWrongLetNothingInAndAreSaidInOneLine() throws Exception {
        trust("everybody");
        assertThatThrownBy(() -> Trust.of(instance))
                .hasMessageContaining("deploy.trust=everybody is none of any, signed, none");
        assertRefused(bundle(), "nothing is trusted, since ");
        trust("signed");
        assertThatThrownBy(() -> Trust.of(instance)).hasMessageContaining("deploy.certificates");
        Files.delete(base.resolve("etc/deploy-certificates.pem"));
        assertThatThrownBy(() -> Trust.of(instance)).hasMessageContaining("cannot read");
        Files.writeString(base.resolve("etc/deploy-certificates.pem"), "nothing");
        assertRefused(bundle(), "nothing is trusted, since ");
        String before = gate.rules();
        trust("signed", "coder");
        assertThat(gate.rules()).isNotEqualTo(before);
        assertPasses(signed("coder"));
    }
}
