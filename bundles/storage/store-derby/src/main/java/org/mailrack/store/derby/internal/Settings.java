package org.mailrack.store.derby.internal;

import java.nio.file.Path;
import java.time.Duration;

/** Where the database is and its limits; see {@link DerbyConfig}. */
record Settings(
        Path data,
        int pageCache,
        int maxConnections,
        Duration connectionWait,
        Duration lockWait,
        int maxVanished,
        int maxDetailsSize,
        long minFreeSpace,
        long reserve) {

    Settings {
        check("page.cache", pageCache, 40);
        check("max.connections", maxConnections, 2);
        check("connection.wait", connectionWait.toMillis(), 0);
        check("lock.wait", lockWait.toMillis(), 1);
        check("max.vanished", maxVanished, 1);
        check("max.details.size", maxDetailsSize, 0);
        check("min.free.space", minFreeSpace, 0);
        check("reserve", reserve, 0);
    }

    static Settings of(Path base, DerbyConfig config) {
        return new Settings(
                base.resolve("data").toAbsolutePath().normalize(),
                config.page_cache(),
                config.max_connections(),
                Duration.ofSeconds(config.connection_wait()),
                Duration.ofSeconds(config.lock_wait()),
                config.max_vanished(),
                config.max_details_size(),
                config.min_free_space(),
                config.reserve());
    }

    /** Where the database is. */
    Path database() {
        return data.resolve("db");
    }

    private static void check(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("setting " + name + " is " + value + ", less than " + least);
        }
    }
}
