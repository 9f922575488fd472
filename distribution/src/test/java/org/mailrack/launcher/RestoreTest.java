package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {

    private static final String KEY = "secret";

    @TempDir
    Path temp;

    private Path backup;
    private Path base;

    @BeforeEach
    void makeBackup() throws Exception {
        backup = temp.resolve("backup");
        base = temp.resolve("base");
        file(backup, "etc/mailrack.cfg", "a=b\n");
        file(backup, "etc/key.pem", KEY);
        Files.setPosixFilePermissions(backup.resolve("etc/key.pem"), PosixFilePermissions.fromString("r--------"));
        file(backup, "data/db/seg0/c1.dat", "rows");
        file(backup, "data/content/odd\nname\\", "x");
        manifest(
                line("etc/mailrack.cfg"),
                line("etc/key.pem"),
                line("data/db/seg0/c1.dat"),
                sum("x") + " 1 data/content/odd\\u000aname\\\\");
    }

    private static void file(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String line(String path) throws Exception {
        String text = Files.readString(backup.resolve(path));
        return sum(text) + ' ' + text.length() + ' ' + path;
    }

    private static String sum(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void manifest(String... lines) throws Exception {
        String text = "mailrack-backup 1\nmade 2026-01-01T00:00:00Z\n" + String.join("\n", lines) + '\n';
        Files.writeString(backup.resolve("MANIFEST"), text + "end " + sum(text) + '\n');
    }

    private int restore(String... more) {
        List<String> words =
                Stream.concat(Stream.of(backup.toString()), Stream.of(more)).toList();
        return new Restore(new Instance(temp.resolve("home"), base)).run(words);
    }

    private List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aNewInstanceGetsWhatTheBackupHas() throws Exception {
        assertThat(restore()).isZero();
        assertThat(files(base))
                .containsExactly("data/content/odd\nname\\", "data/db/seg0/c1.dat", "etc/key.pem", "etc/mailrack.cfg");
        assertThat(Files.readString(base.resolve("etc/key.pem"))).isEqualTo(KEY);
        assertThat(Files.getPosixFilePermissions(base.resolve("etc/key.pem")))
                .isEqualTo(PosixFilePermissions.fromString("r--------"));
        assertThat(base.resolve("deploy")).isDirectory();
        assertThat(base.resolve("log")).isDirectory();
    }

    @Test
    void whatWasThereIsKept() throws Exception {
        file(base, "etc/mailrack.cfg", "old");
        file(base, "data/db/old", "old");
        file(base, "log/mailrack.log", "log");
        assertThat(restore()).isZero();
        assertThat(Files.readString(base.resolve("etc/mailrack.cfg"))).isEqualTo("a=b\n");
        assertThat(base.resolve("data/db/old")).doesNotExist();
        assertThat(files(base))
                .filteredOn(name -> name.startsWith("before-restore-"))
                .anySatisfy(name -> assertThat(name).endsWith("/data/db/old"));
        assertThat(base.resolve("log/mailrack.log")).exists();
    }

    @Test
    void aRunningInstanceIsRefused() throws Exception {
        file(base, "data/db/old", "old");
        Instance instance = new Instance(temp.resolve("home"), base);
        InstanceLock lock = InstanceLock.take(instance);
        try {
            assertThatThrownBy(this::restore).hasMessageContaining("a server is running on " + base + " already");
        } finally {
            lock.close();
        }
        assertThat(base.resolve("data/db/old")).exists();
    }

    @Test
    void aDamagedFileIsFoundBeforeAnythingIsChanged() throws Exception {
        file(base, "etc/mailrack.cfg", "old");
        for (String damage : new String[] {"rowz", "row", "rows "}) {
            file(backup, "data/db/seg0/c1.dat", damage);
            assertThatThrownBy(this::restore)
                    .hasMessage(backup.resolve("data/db/seg0/c1.dat")
                            + " is damaged: it is not as it was when the backup was made");
            assertThatThrownBy(() -> restore("--check")).hasMessageContaining("is damaged");
        }
        Files.delete(backup.resolve("data/db/seg0/c1.dat"));
        assertThatThrownBy(this::restore).hasMessageContaining("no such file");
        assertThat(Files.readString(base.resolve("etc/mailrack.cfg"))).isEqualTo("old");
        assertThat(base.resolve("data")).doesNotExist();
        file(backup, "data/db/seg0/c1.dat", "rows");
        assertThat(restore()).as("after a try that failed").isZero();
        assertThat(base.resolve("restore.partial")).doesNotExist();
    }

    @Test
    void halfABackupIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(backup.resolve("MANIFEST"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(backup.resolve("MANIFEST"), java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(this::restore).isInstanceOf(LauncherException.class);
        }
        Files.delete(backup.resolve("MANIFEST"));
        assertThatThrownBy(this::restore).hasMessage(backup + " is no whole backup: it has no MANIFEST");
        assertThat(base).doesNotExist();
    }

    @Test
    void aManifestNamesNothingOutsideAnInstancesFolders() throws Exception {
        file(temp, "outside", "x");
        for (String path : new String[] {
            "../outside", "etc/../../outside", "/etc/passwd", "outside", "etc", "log/x", "data/./x", "data/db/\\u0000"
        }) {
            manifest(sum("x") + " 1 " + path);
            assertThatThrownBy(this::restore).as(path).hasMessage(backup.resolve("MANIFEST") + " is damaged");
        }
        manifest(line("etc/mailrack.cfg"), line("etc/mailrack.cfg"));
        assertThatThrownBy(this::restore).as("twice").hasMessageEndingWith("is damaged");
        Files.createSymbolicLink(backup.resolve("etc/link"), temp.resolve("outside"));
        manifest(sum("x") + " 1 etc/link");
        assertThatThrownBy(this::restore).hasMessage(backup.resolve("etc/link") + " is a symbolic link");
        Files.createSymbolicLink(backup.resolve("data/more"), temp);
        manifest(sum("x") + " 1 data/more/outside");
        assertThatThrownBy(this::restore).hasMessage(backup.resolve("data/more") + " is a symbolic link");
    }

    @Test
    void aCheckChangesNothing() throws Exception {
        assertThat(restore("--check")).isZero();
        assertThat(base).doesNotExist();
    }

    @Test
    void contentsThatWereElsewhereAreFoundInTheirUsualPlace() throws Exception {
        file(backup, "etc/org.mailrack.content.log.cfg", "directory=/mnt/contents");
        manifest(line("etc/org.mailrack.content.log.cfg"), line("data/db/seg0/c1.dat"));
        assertThat(restore()).isZero();
        assertThat(Instance.load(base.resolve("etc/org.mailrack.content.log.cfg")))
                .containsEntry("directory", "");
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> restore("more")).hasMessageStartingWith("restore needs the folder of a backup");
        assertThatThrownBy(() -> restore("--nope")).hasMessageStartingWith("restore needs the folder of a backup");
    }
}
