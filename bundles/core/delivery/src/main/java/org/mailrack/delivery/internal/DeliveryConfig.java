package org.mailrack.delivery.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Mailrack delivery", description = "How mail leaves the spool.")
@interface DeliveryConfig {

    @AttributeDefinition(
            name = "First retry",
            description = "Seconds until a deferred mail is tried again; doubled each time.")
    int retry_first() default 300;

    @AttributeDefinition(name = "Longest retry", description = "Seconds between two tries at most.")
    int retry_max() default 3600;

    @AttributeDefinition(
            name = "Expiry",
            description = "Seconds after its receipt when a mail that cannot be delivered goes back to its sender.")
    int expire_after() default 432_000;

    @AttributeDefinition(name = "Batch", description = "Mails taken from the spool at a time.")
    int batch_size() default 128;

    @AttributeDefinition(name = "In flight", description = "Mails being delivered at a time.")
    int max_in_flight() default 2000;

    @AttributeDefinition(
            name = "In flight per transport",
            description = "Deliveries that one transport has at a time; more wait in the spool, so that others go on.")
    int max_in_flight_per_transport() default 1000;

    @AttributeDefinition(
            name = "Report limit",
            description = "Seconds after which a delivery that its transport does not report is deferred.")
    int report_limit() default 3600;

    @AttributeDefinition(name = "Recipients", description = "Recipients of one mail after aliases were expanded.")
    int max_recipients() default 10_000;

    @AttributeDefinition(name = "Alias depth", description = "Aliases that lead to aliases.")
    int max_alias_depth() default 10;

    @AttributeDefinition(name = "Returned header", description = "Octets of the original header in a bounce.")
    int bounce_header() default 65_536;

    @AttributeDefinition(
            name = "Postmaster",
            description = "Address that gets mail for postmaster of a local domain that has no such account or alias."
                    + " Empty: the first account of that domain.")
    String postmaster() default "";
}
