package org.mailrack.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void theLastLines() throws IOException {
        Path log = log("one\ntwo\nthree\n");
        new LogTail(log).last(2, out);
        assertThat(text()).isEqualTo("two\nthree\n");
    }

    @Test
    void aLineThatIsNotFinishedCounts() throws IOException {
        new LogTail(log("one\ntwo\nthr")).last(2, out);
        assertThat(text()).isEqualTo("two\nthr");
    }

    @Test
    void fewerLinesThanAskedFor() throws IOException {
        new LogTail(log("one\n")).last(10, out);
        assertThat(text()).isEqualTo("one\n");
    }

    @Test
    void noLinesAskedFor() throws IOException {
        new LogTail(log("one\ntwo\n")).last(0, out);
        assertThat(text()).isEmpty();
    }

    @Test
    void anEmptyLog() throws IOException {
        new LogTail(log("")).last(10, out);
        assertThat(text()).isEmpty();
    }

    @Test
    void linesAcrossManyPieces() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("line number ").append(i).append('\n');
        }
        new LogTail(log(lines.toString())).last(15_000, out);
        assertThat(text()).startsWith("line number 5000\n").endsWith("line number 19999\n");
    }

    @Test
    void whatComesLaterFollows() throws Exception {
        Path log = log("one\n");
        LogTail tail = new LogTail(log);
        tail.last(1, out);
        Files.writeString(log, "two\n", StandardOpenOption.APPEND);
        tail.next(out);
        assertThat(text()).isEqualTo("one\ntwo\n");
    }

    @Test
    void aLogThatIsBegunAnewIsReadFromItsBegin() throws Exception {
        Path log = log("one\n");
        LogTail tail = new LogTail(log);
        tail.last(1, out);
        Files.move(log, folder.resolve("old"));
        log("a much longer first line\n");
        tail.next(out);
        assertThat(text()).isEqualTo("one\na much longer first line\n");
    }

    private Path log(String text) throws IOException {
        return Files.writeString(folder.resolve("mailrack.log"), text);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
