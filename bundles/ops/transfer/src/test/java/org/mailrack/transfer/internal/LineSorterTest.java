package org.mailrack.transfer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineSorterTest {

    @TempDir
    Path folder;

    @Test
    void whatDoesNotFitInMemoryIsSortedInFilesThatAreGoneAfterwards() throws Exception {
        List<String> lines = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            lines.add(Integer.toString(random.nextInt(15_000), 36) + (i % 100 == 0 ? "\0\n\u00fc" : ""));
        }
        List<String> sorted = new ArrayList<>();
        // More pieces than are merged at once.
        try (LineSorter sorter = new LineSorter(folder.resolve("made"), 8 * 1024)) {
            for (String line : lines) {
                sorter.add(line);
            }
            try (var pieces = Files.list(folder.resolve("made"))) {
                assertThat(pieces.count()).isGreaterThan(64);
            }
            sorter.visit(sorted::add);
        }
        lines.sort(null);
        assertThat(sorted).isEqualTo(lines);
        try (var pieces = Files.list(folder.resolve("made"))) {
            assertThat(pieces).isEmpty();
        }
    }

    @Test
    void fewLinesNeedNoFile() throws Exception {
        List<String> sorted = new ArrayList<>();
        try (LineSorter sorter = new LineSorter(folder.resolve("none"), 1 << 20)) {
            sorter.add("b");
            sorter.add("a");
            sorter.visit(sorted::add);
        }
        assertThat(sorted).containsExactly("a", "b");
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
