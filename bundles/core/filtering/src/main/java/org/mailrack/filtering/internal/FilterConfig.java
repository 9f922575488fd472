package org.mailrack.filtering.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of {@code etc/org.mailrack.filtering.filter-NAME.cfg}. */
@ObjectClassDefinition(
        name = "Mailrack filter",
        description = "What one filter may do, NAME being its filter.name; 0 means as in org.mailrack.filtering.cfg.")
@interface FilterConfig {

    @AttributeDefinition(
            name = "Domains",
            description = "Domains of recipients that the filter is for, separated by commas; .example.org is all below"
                    + " example.org. Empty: all. A message that also has other recipients is shown to the filter whole;"
                    + " connection, HELO and sender are shown to it when a recipient of the domains is named.")
    String[] domains() default {};

    @AttributeDefinition(
            name = "Time limit",
            description = "Milliseconds that the filter may take for a message.",
            min = "0")
    int time_limit() default 0;

    @AttributeDefinition(
            name = "Time limit before the message",
            description = "Milliseconds that the filter may take for a connection, a HELO, a sender or a recipient.",
            min = "0")
    int time_limit_envelope() default 0;

    @AttributeDefinition(
            name = "Calls",
            description =
                    "How many of its calls may run at the same time; also the most threads that it can keep if it hangs.",
            min = "0")
    int calls() default 0;

    @AttributeDefinition(
            name = "Error budget",
            description = "Failures within the error window after which the filter is taken out.",
            min = "0",
            max = "10000")
    int error_budget() default 0;

    @AttributeDefinition(name = "Error window", description = "Seconds after which a failure is forgotten.", min = "0")
    int error_window() default 0;

    @AttributeDefinition(
            name = "Trial after",
            description = "Seconds that the filter is out before it is tried again, one call at a time.",
            min = "0")
    int trial_after() default 0;

    @AttributeDefinition(
            name = "Trial calls",
            description = "Verdicts in a row that bring the filter back in.",
            min = "0")
    int trial_calls() default 0;

    @AttributeDefinition(
            name = "Prompt",
            description =
                    "Whether the filter, if it says that it is prompt (filter.prompt), is called in the thread of the client,"
                            + " where no time limit can end a call.")
    boolean prompt() default true;
}
