package org.mailrack.store.derby.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings in {@code etc/org.mailrack.store.derby.cfg}. */
@ObjectClassDefinition(name = "Derby store", description = "Mailboxes and accounts in an embedded Derby database.")
@interface DerbyConfig {

    @AttributeDefinition(
            name = "Page cache",
            description = "Database pages of 4 to 32 KiB that are kept in memory. Needs a restart of the bundle.",
            min = "40")
    int page_cache() default 1000;

    @AttributeDefinition(
            name = "Connections",
            description = "How many threads use the database at once; others wait. Needs a restart of the bundle.",
            min = "2")
    int max_connections() default 16;

    @AttributeDefinition(
            name = "Wait for a connection",
            description =
                    "Seconds after which a thread that waits for a connection is told that the store is unavailable.")
    int connection_wait() default 20;

    @AttributeDefinition(
            name = "Wait for a lock",
            description =
                    "Seconds after which a transaction that waits for another is repeated. Needs a restart of the bundle.",
            min = "1")
    int lock_wait() default 20;

    @AttributeDefinition(
            name = "Vanished ranges",
            description =
                    "Ranges of removed UIDs that are remembered per mailbox with the time of their removal; clients that were"
                            + " away for longer are told of all removed ones.")
    int max_vanished() default 1000;

    @AttributeDefinition(
            name = "Cached details",
            description = "Octets of cached details (envelope, structure) per message; larger ones are not cached.",
            max = "16777216")
    int max_details_size() default 262144;

    @AttributeDefinition(
            name = "Least free space",
            description =
                    "Octets of free disk space below which nothing is added to mailboxes. What only changes them goes on"
                            + " down to a quarter of that, removing and reading go on in any case.",
            min = "0")
    long min_free_space() default 16 << 20;

    @AttributeDefinition(
            name = "Reserve",
            description =
                    "Octets of disk space that are kept in a file, for the database to open again after others have filled the"
                            + " disk; 0 for none. Needs a restart of the bundle.",
            min = "0")
    long reserve() default 32 << 20;
}
