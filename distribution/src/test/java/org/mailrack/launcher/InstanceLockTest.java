package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceLockTest {

    @TempDir
    Path folder;

    private Instance instance;

    @BeforeEach
    void instance() throws IOException {
        instance = new Instance(folder, folder);
        Files.createDirectory(instance.data());
    }

    @Test
    void oneServerHoldsTheInstance() {
        try (InstanceLock lock = InstanceLock.take(instance)) {
            assertThat(lock).isNotNull();
            assertThat(InstanceLock.running(instance)).contains(ProcessHandle.current());
            assertThatThrownBy(() -> InstanceLock.take(instance))
                    .isInstanceOf(LauncherException.class)
                    .hasMessageContaining("already");
        }
        assertThat(instance.pidFile()).doesNotExist();
        InstanceLock.take(instance).close();
    }

    @Test
    void aProcessIdThatTheSystemGaveToAnotherIsNotTakenForAServer() throws IOException {
        Files.writeString(instance.pidFile(), ProcessHandle.current().pid() + "\n12345\n");
        assertThat(InstanceLock.running(instance)).isEmpty();
        assertThat(InstanceLock.held(instance)).isFalse();
        assertThat(new Daemon(instance).status()).isEqualTo(1);
    }

    @Test
    void aDamagedPidFileNamesNobody() throws IOException {
        for (String text : new String[] {"", "x\ny\n", "12", "-5\n0\n"}) {
            Files.writeString(instance.pidFile(), text);
            assertThat(InstanceLock.running(instance)).isEmpty();
        }
    }

    @Test
    void withoutAPidFileStatusIsThree() {
        assertThat(new Daemon(instance).status()).isEqualTo(3);
    }
}
