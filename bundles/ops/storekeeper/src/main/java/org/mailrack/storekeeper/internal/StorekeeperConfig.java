package org.mailrack.storekeeper.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings in {@code etc/org.mailrack.storekeeper.cfg}. */
@ObjectClassDefinition(
        name = "Mailrack storekeeper",
        description = "Gives the space of removed messages back, and checks what is stored.")
@interface StorekeeperConfig {

    @AttributeDefinition(
            name = "compaction.interval",
            description =
                    "Seconds between the end of a compaction and the begin of the next; 0 for none but by command.",
            min = "0")
    int compaction_interval() default 21_600;

    @AttributeDefinition(
            name = "compaction.rate",
            description =
                    "Octets per second that a compaction in the background reads and writes; 0 for as fast as it goes.",
            min = "0")
    long compaction_rate() default 16 << 20;

    @AttributeDefinition(
            name = "compaction.needed",
            description =
                    "A segment of the content log is written anew when less than so many percent of it are needed.",
            min = "1",
            max = "100")
    int compaction_needed() default 60;

    @AttributeDefinition(
            name = "min.age",
            description =
                    "Seconds that a content must be there before it is taken for needed by nobody: more than any command or"
                            + " delivery takes to note that it needs it.",
            min = "1")
    int min_age() default 3600;
}
