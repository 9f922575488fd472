package org.mailrack.backup.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.store.BackupPart;
import org.mailrack.api.store.StoreException;

class BackupCommandTest {

    @TempDir
    Path temp;

    private final List<String> calls = new ArrayList<>();
    private Path base;

    @FunctionalInterface
    private interface Writer {
        void write(Path data) throws IOException;
    }

    @BeforeEach
    void instance() throws Exception {
        base = temp.resolve("base");
        file("etc/mailrack.cfg", "a=b");
        file("etc/tls/key.pem", "secret");
        Files.setPosixFilePermissions(base.resolve("etc/tls/key.pem"), PosixFilePermissions.fromString("rw-------"));
        file("data/db/seg", "not to be copied as a file");
        file("data/tls/made.p12", "x");
        file("data/cache/bundle0/x", "x");
        file("data/views/1", "x");
        file("data/mailrack.pid", "1");
        file("data/classes-17.jsa", "x");
    }

    private void file(String name, String text) throws IOException {
        Path file = base.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private BackupPart part(BackupPart.Kind kind, String name, Writer writer) {
        return new BackupPart() {
            @Override
            public Kind kind() {
                return kind;
            }

            @Override
            public Set<String> names() {
                return Set.of(name);
            }

            @Override
            public Copy begin() {
                calls.add("begin " + name);
                return new Copy() {
                    @Override
                    public void write(Path data) throws IOException {
                        calls.add("write " + name);
                        writer.write(data);
                    }

                    @Override
                    public void close() {
                        calls.add("close " + name);
                    }
                };
            }
        };
    }

    private BackupPart part(BackupPart.Kind kind, String name) {
        return part(kind, name, data -> {
            Files.createDirectories(data.resolve(name));
            Files.writeString(data.resolve(name).resolve("copy"), name);
        });
    }

    private Object backup(List<BackupPart> parts, String... words) throws Exception {
        PrintStream before = System.err;
        System.setErr(new PrintStream(PrintStream.nullOutputStream()));
        try {
            return new BackupCommand(base, parts).backup(session(), words);
        } finally {
            System.setErr(before);
        }
    }

    private CommandSession session() {
        return (CommandSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CommandSession.class}, (proxy, method, args) -> temp);
    }

    private List<BackupPart> both() {
        return List.of(part(BackupPart.Kind.CONTENTS, "content"), part(BackupPart.Kind.MAILBOXES, "db"));
    }

    private List<String> files(String folder) throws IOException {
        try (Stream<Path> all = Files.walk(temp.resolve(folder))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> temp.resolve(folder).relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void partsAreBegunAndWrittenInTheOrderOfTheirKinds() throws Exception {
        List<BackupPart> parts = new ArrayList<>(both());
        parts.add(part(BackupPart.Kind.OTHER, "index"));
        backup(parts, "b");
        assertThat(calls.stream().distinct())
                .containsExactly(
                        "begin db",
                        "begin index",
                        "begin content",
                        "write db",
                        "close db",
                        "write index",
                        "close index",
                        "write content",
                        "close content");
    }

    @Test
    void whatAnInstanceNeedsIsInItAndTheManifestHasEachFile() throws Exception {
        assertThat(((List<?>) backup(both(), "b")).get(0).toString())
                .startsWith("{backup=" + temp.resolve("b") + ", files=5, octets=");
        assertThat(files("b"))
                .containsExactly(
                        "MANIFEST",
                        "data/content/copy",
                        "data/db/copy",
                        "data/tls/made.p12",
                        "etc/mailrack.cfg",
                        "etc/tls/key.pem");
        assertThat(Files.getPosixFilePermissions(temp.resolve("b/etc/tls/key.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(temp.resolve("b")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        List<String> manifest = Files.readAllLines(temp.resolve("b/MANIFEST"));
        assertThat(manifest.get(0)).isEqualTo("mailrack-backup 1");
        assertThat(manifest.get(1)).matches("made [0-9T:-]+Z");
        assertThat(manifest.subList(2, 7))
                .contains("2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b 6 etc/tls/key.pem");
        assertThat(manifest.get(7)).matches("end [0-9a-f]{64}");
        assertThat(manifest).hasSize(8);
    }

    @Test
    void aBackupThatFailsLeavesNothingAndReleasesWhatItHeld() throws Exception {
        List<BackupPart> parts =
                List.of(part(BackupPart.Kind.MAILBOXES, "db"), part(BackupPart.Kind.CONTENTS, "content", data -> {
                    Files.createDirectories(data.resolve("content/half"));
                    throw new IOException("No space left on device");
                }));
        assertThatThrownBy(() -> backup(parts, "b")).hasMessage("no backup was made: No space left on device");
        assertThat(calls).contains("close db", "close content");
        assertThat(temp.resolve("b")).doesNotExist();
        assertThat(temp.resolve("b.partial")).doesNotExist();
        List<BackupPart> failing = List.of(
                part(BackupPart.Kind.MAILBOXES, "db", data -> {
                    throw new StoreException(StoreException.Kind.UNAVAILABLE, "the database is down");
                }),
                part(BackupPart.Kind.CONTENTS, "content"));
        assertThatThrownBy(() -> backup(failing, "b")).hasMessage("no backup was made: the database is down");
    }

    @Test
    void whatAServerLeftThatDiedOverItIsReplacedAndNothingElse() throws Exception {
        Path partial = Files.createDirectories(temp.resolve("b.partial/data")).getParent();
        assertThatThrownBy(() -> backup(both(), "b"))
                .hasMessage("no backup was made: " + partial + " is there already; a backup makes a new folder");
        Files.writeString(partial.resolve(Backup.UNFINISHED), "");
        backup(both(), "b");
        assertThat(partial).doesNotExist();
        assertThatThrownBy(() -> backup(both(), "b"))
                .hasMessage(
                        "no backup was made: " + temp.resolve("b") + " is there already; a backup makes a new folder");
    }

    @Test
    void aBackupWithoutAStoreIsNone() {
        assertThatThrownBy(() -> backup(List.of(part(BackupPart.Kind.MAILBOXES, "db")), "b"))
                .hasMessage("no backup was made: the store of contents is not there or cannot be backed up");
        assertThatThrownBy(() -> backup(List.of(part(BackupPart.Kind.CONTENTS, "content")), "b"))
                .hasMessage("no backup was made: the store of mailboxes is not there or cannot be backed up");
        assertThat(temp.resolve("b")).doesNotExist();
    }

    @Test
    void aLinkToAFileIsCopiedAsTheFileAndOneToAFolderIsNot() throws Exception {
        Files.writeString(temp.resolve("fullchain.pem"), "certificate");
        Files.createSymbolicLink(base.resolve("etc/tls/cert.pem"), temp.resolve("fullchain.pem"));
        Files.createSymbolicLink(base.resolve("etc/all"), temp);
        Files.writeString(base.resolve("etc/odd\nname\\"), "x");
        backup(both(), "b");
        assertThat(Files.readString(temp.resolve("b/etc/tls/cert.pem"))).isEqualTo("certificate");
        assertThat(Files.isSymbolicLink(temp.resolve("b/etc/tls/cert.pem"))).isFalse();
        assertThat(temp.resolve("b/etc/all")).doesNotExist();
        assertThat(Files.readString(temp.resolve("b/MANIFEST"))).contains(" 1 etc/odd\\u000aname\\\\\n");
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> backup(both())).hasMessage("usage: backup DIR");
        assertThatThrownBy(() -> backup(both(), "--fast")).hasMessage("usage: backup DIR");
        assertThatThrownBy(() -> backup(both(), "a", "b")).hasMessage("usage: backup DIR");
        assertThatThrownBy(() -> backup(both(), "no/b"))
                .hasMessage("no backup was made: there is no folder " + temp.resolve("no"));
        assertThatThrownBy(() -> backup(both(), "base/data/b")).hasMessageEndingWith("with which it would be lost");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> backup(both(), "b")).isInstanceOf(InterruptedException.class);
        assertThat(temp.resolve("b.partial")).doesNotExist();
    }
}
