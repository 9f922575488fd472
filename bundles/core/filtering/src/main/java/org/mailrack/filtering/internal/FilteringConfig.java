package org.mailrack.filtering.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of {@code etc/org.mailrack.filtering.cfg}. */
@ObjectClassDefinition(
        name = "Mailrack filtering",
        description = "How the filters of incoming mail are run, unless a file for one of them says otherwise for it.")
@interface FilteringConfig {

    @AttributeDefinition(
            name = "Required filters",
            description =
                    "Names (filter.name) of filters without which no mail is accepted, separated by commas. While one is"
                            + " absent, failing or late, mail is deferred. All others are advisory: their failure is logged.")
    String[] required() default {};

    @AttributeDefinition(
            name = "Order",
            description =
                    "Names of filters in the order in which they are asked, separated by commas. Those not named are asked"
                            + " after them, highest service.ranking first.")
    String[] order() default {};

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
                    "How many calls of one filter may run at the same time; each has a thread. More wait, as long as the time"
                            + " limit.",
            min = "1")
    int calls_per_filter() default 16;

    @AttributeDefinition(
            name = "Error budget",
            description = "Failures of one filter within the error window after which it is taken out.",
            min = "1",
            max = "10000")
    int error_budget() default 10;

    @AttributeDefinition(name = "Error window", description = "Seconds after which a failure is forgotten.", min = "1")
    int error_window() default 60;

    @AttributeDefinition(
            name = "Trial after",
            description = "Seconds that a filter is out before it is tried again, one call at a time.",
            min = "1")
    int trial_after() default 30;

    @AttributeDefinition(
            name = "Trial calls",
            description = "Verdicts in a row that bring a filter on trial back in; one failure takes it out again.",
            min = "1")
    int trial_calls() default 3;

    @AttributeDefinition(
            name = "Limit of a prompt call",
            description =
                    "Milliseconds that a call of a filter may take which says that it is prompt (filter.prompt); after one"
                            + " that took longer it is believed no more until its bundle is updated.",
            min = "1")
    int prompt_limit() default 100;

    @AttributeDefinition(
            name = "Wait for a filter that goes",
            description =
                    "Milliseconds that the stop of a filter's bundle waits at most for the mails that are in the filters of"
                            + " that stage.",
            min = "0")
    int leave_wait() default 2_000;

    @AttributeDefinition(
            name = "Largest header",
            description =
                    "Octets of a header section that filters get to see; a message with more is refused with 5.3.4. Also the"
                            + " most that filters may make of it.",
            min = "1024")
    int max_header_size() default 512 * 1024;

    @AttributeDefinition(
            name = "Attributes of one filter",
            description = "Characters of all attributes that one verdict may add to an envelope.",
            min = "1")
    int max_attributes_size() default 64 * 1024;
}
