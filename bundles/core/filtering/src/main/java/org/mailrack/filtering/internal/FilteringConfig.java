package org.mailrack.filtering.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of {@code etc/org.mailrack.filtering.cfg}. */
@ObjectClassDefinition(name = "Mailrack filtering", description = "How the filters of incoming mail are run.")
@interface FilteringConfig {

    @AttributeDefinition(
            name = "Required filters",
            description =
                    "Names (filter.name) of filters without which no mail is accepted, separated by commas. While one is"
                            + " absent, failing or late, mail is deferred. All others are advisory: their failure is logged.")
    String[] required() default {};

    @AttributeDefinition(
            name = "Time limit",
            description = "Milliseconds that one message filter may take for a message.",
            min = "1")
    int time_limit() default 10_000;

    @AttributeDefinition(
            name = "Time limit before the message",
            description = "Milliseconds that one filter may take for a connection, a HELO, a sender or a recipient.",
            min = "1")
    int time_limit_envelope() default 5_000;

    @AttributeDefinition(
            name = "Calls of one filter",
            description =
                    "How many calls of one filter may run at the same time; each has a thread. More wait, within the time"
                            + " limit.",
            min = "1")
    int calls_per_filter() default 16;

    @AttributeDefinition(
            name = "Largest header",
            description =
                    "Octets of a header section that filters get to see; a message with more is refused with 5.3.4.",
            min = "1024")
    int max_header_size() default 512 * 1024;
}
