package org.mailrack.store.derby.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** Makes databases for tests; all but the first are copies of an empty one, because creating one takes long. */
final class Databases {

    private static Path template;

    private Databases() {}

    static Settings settings(Path base) {
        return settings(base, 0);
    }

    static Settings settings(Path base, long minFreeSpace) {
        return new Settings(
                base.resolve("data"),
                1000,
                16,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                1000,
                262144,
                minFreeSpace,
                0);
    }

    static Database open(Path base) {
        return open(settings(base));
    }

    static Database open(Settings settings) {
        if (!Files.exists(settings.data())) {
            copyTemplate(settings.data());
        }
        return new Database(settings, Schema.bundled());
    }

    private static synchronized void copyTemplate(Path to) {
        try {
            if (template == null) {
                template = Files.createTempDirectory("mailrack-derby");
                new Database(settings(template), Schema.bundled()).close();
                Runtime.getRuntime().addShutdownHook(new Thread(Databases::deleteTemplate));
            }
            Path from = template.resolve("data");
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.copy(file, copy);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTemplate() {
        try (Stream<Path> files = Files.walk(template)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
