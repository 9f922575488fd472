package org.mailrack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

class FramesTest {

    /** The launcher and the shell bundle share no class, so each has its own; one changed alone would speak to nobody. */
    @Test
    void theLauncherAndTheShellSpeakTheSame() throws IOException {
        assertThat(body(Path.of("src/main/java/org/mailrack/launcher/Frames.java")))
                .isEqualTo(body(Path.of("../bundles/ops/shell/src/main/java/org/mailrack/shell/internal/Frames.java")));
    }

    /** Without package and comment, which name the other side. */
    private static String body(Path source) throws IOException {
        String text = Files.readString(source);
        return text.substring(text.indexOf("final class Frames {"));
    }
}
