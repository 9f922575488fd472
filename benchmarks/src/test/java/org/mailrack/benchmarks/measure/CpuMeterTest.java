package org.mailrack.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuMeterTest {

    @TempDir
    private Path proc;

    private void process(long pid, long parent, String name, int user, int system, int children, int rss, int pss)
            throws IOException {
        Path folder = Files.createDirectory(proc.resolve(Long.toString(pid)));
        Files.writeString(
                folder.resolve("stat"),
                pid + " (" + name + ") S " + parent + " 1 1 0 -1 4194560 1 2 3 4 " + user + ' ' + system + ' '
                        + children + " 0 20 0 1 0 100 0 0\n");
        Files.writeString(
                folder.resolve("status"), "Name:\tx\nVmHWM:\t  " + 2 * rss + " kB\nVmRSS:\t  " + rss + " kB\n");
        Files.writeString(folder.resolve("smaps_rollup"), "00-ff ---p\nRss:  " + rss + " kB\nPss:  " + pss + " kB\n");
    }

    @BeforeEach
    void processes() throws IOException {
        Files.writeString(proc.resolve("stat"), "cpu  1000 20 300 99999 5 6 7 8 0 0\ncpu0 1 1 1 1\n");
        process(10, 1, "master", 100, 50, 850, 1024, 512);
        process(11, 10, "a (strange) name", 30, 20, 0, 2048, 1024);
        process(12, 11, "grandchild", 1, 1, 0, 1024, 512);
        process(20, 1, "another", 5000, 5000, 5000, 1 << 20, 1 << 20);
        Files.createDirectory(proc.resolve("99"));
    }

    @Test
    void timeIsOfTheWholeTreeWithThoseThatHaveEnded() {
        CpuMeter meter = new CpuMeter(proc);
        assertThat(meter.seconds(List.of(10L))).isEqualTo((100 + 50 + 850 + 30 + 20 + 2) / 100.0);
        assertThat(meter.seconds(List.of(10L, 11L))).as("counted once").isEqualTo(meter.seconds(List.of(10L)));
        assertThat(meter.seconds(List.of(4711L))).isZero();
    }

    @Test
    void theMachineIsBusyWhenItIsNeitherIdleNorWaiting() {
        assertThat(new CpuMeter(proc).machineSeconds()).isEqualTo((1000 + 20 + 300 + 6 + 7 + 8) / 100.0);
    }

    @Test
    void memoryIsOfTheWholeTree() {
        CpuMeter meter = new CpuMeter(proc);
        assertThat(meter.residentMiB(List.of(10L))).isEqualTo(4);
        assertThat(meter.peakMiB(List.of(10L))).isEqualTo(8);
        assertThat(meter.proportionalMiB(List.of(10L))).isEqualTo(2);
    }

    @Test
    void aLineThatIsNoStateIsRefused() {
        assertThatThrownBy(() -> ProcessStat.parse("garbage")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProcessStat.parse("1 (a) S 2")).isInstanceOf(IllegalArgumentException.class);
    }
}
