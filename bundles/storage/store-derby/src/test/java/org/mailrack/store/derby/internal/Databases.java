package org.mailrack.store.derby.internal;

import java.nio.file.Path;
import java.time.Duration;

/** Makes databases for tests. */
final class Databases {

    private Databases() {}

    static Settings settings(Path base) {
        return new Settings(base.resolve("data"), 1000, 16, Duration.ofSeconds(20), Duration.ofSeconds(20), 1000, 262144);
    }

    static Database open(Path base) {
        return new Database(settings(base), Schema.bundled());
    }
}
