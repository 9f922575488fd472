package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceWriterTest {

    @TempDir
    Path folder;

    private Instance instance;

    @BeforeEach
    void instance() {
        instance = new Instance(folder.resolve("home"), folder.resolve("base"));
    }

    @Test
    void eachEndpointHasItsStandardPortPlusTheOffset() throws IOException {
        write("--port-offset", "20000", "--hostname", "a.example");
        Map<String, String> found = new TreeMap<>();
        for (Path file : instance.endpointFiles()) {
            Properties p = Instance.load(file);
            found.put(
                    p.getProperty("name"),
                    p.getProperty("protocol") + " " + p.getProperty("address") + " " + p.getProperty("port") + " "
                            + p.getProperty("tls"));
        }
        assertThat(found)
                .isEqualTo(Map.of(
                        "smtp", "smtp 127.0.0.1 20025 starttls",
                        "submission", "submission 127.0.0.1 20587 starttls",
                        "submissions", "submission 127.0.0.1 20465 implicit",
                        "lmtp", "lmtp 127.0.0.1 20024 none",
                        "pop3", "pop3 127.0.0.1 20110 starttls",
                        "pop3s", "pop3 127.0.0.1 20995 implicit",
                        "imap", "imap 127.0.0.1 20143 starttls",
                        "imaps", "imap 127.0.0.1 20993 implicit"));
        assertThat(Readiness.expected(instance)).hasSize(8);
    }

    @Test
    void settingsAndDomainsAreWrittenDown() throws IOException {
        write(
                "--hostname",
                "mx.example",
                "--domain",
                "a.example",
                "--domain",
                "b.example",
                "--resolver",
                "127.0.0.1:5353");
        assertThat(Instance.load(instance.etc().resolve("org.mailrack.directory.cfg")))
                .containsEntry("hostname", "mx.example")
                .containsEntry("plaintext.loopback", "false");
        assertThat(Instance.load(instance.etc().resolve("org.mailrack.relay.cfg")))
                .containsEntry("resolver", "127.0.0.1:5353")
                .containsEntry("port", "25");
        assertThat(instance.data().resolve("bootstrap-domains")).hasContent("a.example\nb.example");
    }

    @Test
    void everyTemplateIsFilled() throws IOException {
        write();
        for (Path file : instance.settingsFiles()) {
            assertThat(Files.readString(file)).doesNotContainPattern("@[A-Z]+@");
        }
    }

    @Test
    void dataIsTheOwnersAlone() throws IOException {
        write();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(instance.data())))
                .isEqualTo("rwx------");
    }

    @Test
    void aSecondInitThatChangesNothingIsNoError() throws IOException {
        assertThat(write("--hostname", "a.example")).isTrue();
        assertThat(write("--hostname", "a.example")).isFalse();
    }

    @Test
    void aSecondInitOverwritesNothing() throws IOException {
        write("--hostname", "a.example");
        Path file = instance.etc().resolve("org.mailrack.directory.cfg");
        Files.writeString(file, "hostname=mine.example\n");
        assertThatThrownBy(() -> write("--hostname", "a.example"))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("org.mailrack.directory.cfg");
        assertThat(file).hasContent("hostname=mine.example");
    }

    @Test
    void anEndpointThatTheOperatorRemovedDoesNotComeBack() throws IOException {
        write("--hostname", "a.example");
        Path file = instance.etc().resolve("org.mailrack.transport.endpoint-lmtp.cfg");
        Files.delete(file);
        assertThatThrownBy(() -> write("--hostname", "a.example")).isInstanceOf(LauncherException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void anEndpointThatIsSwitchedOffIsNotWaitedFor() throws IOException {
        write();
        Path file = instance.etc().resolve("org.mailrack.transport.endpoint-lmtp.cfg");
        Files.writeString(file, Files.readString(file) + "\nenabled=false\n");
        assertThat(Readiness.expected(instance)).hasSize(7).doesNotContain("lmtp");
    }

    @Test
    void aDamagedSettingsFileIsNamed() throws IOException {
        write();
        Path file = instance.etc().resolve("org.mailrack.relay.cfg");
        Files.writeString(file, "port=\\u12\n");
        assertThatThrownBy(() -> SettingsCheck.check(instance))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining(file.toString());
        Files.write(file, new byte[] {'a', '=', (byte) 0xff, '\n'});
        assertThatThrownBy(() -> SettingsCheck.check(instance))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aNumberOfTheLaunchersOwnIsChecked() throws IOException {
        write();
        Path file = instance.etc().resolve("mailrack.cfg");
        Files.writeString(file, "start.timeout=soon\n");
        assertThatThrownBy(() -> instance.number("start.timeout", 30, 1, 60))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("start.timeout=soon");
    }

    private boolean write(String... words) throws IOException {
        return new InstanceWriter(instance, InitOptions.parse(List.of(words))).write();
    }
}
