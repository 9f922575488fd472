package org.mailrack.mailbox.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the mailbox service. */
@ObjectClassDefinition(
        id = MailboxesComponent.PID,
        name = "Mailrack mailboxes",
        description = "Limits of mailboxes and of what is kept of them in memory.")
@interface MailboxConfig {

    @AttributeDefinition(
            name = "Mailbox name length",
            description = "Characters that a mailbox name may have.",
            min = "1")
    int max_name_length() default 255;

    @AttributeDefinition(name = "Mailbox depth", description = "Levels that a mailbox name may have.", min = "1")
    int max_depth() default 20;

    @AttributeDefinition(name = "Mailboxes", description = "Mailboxes that an account may have.", min = "1")
    int max_mailboxes() default 5_000;

    @AttributeDefinition(name = "Subscriptions", description = "Names that an account may subscribe.", min = "1")
    int max_subscriptions() default 10_000;

    @AttributeDefinition(name = "Keywords", description = "Different keywords that a mailbox may have.", min = "1")
    int max_keywords() default 500;

    @AttributeDefinition(
            name = "Idle views",
            description = "Mailboxes that nobody has open and that are kept in memory all the same.",
            min = "1")
    int max_idle_views() default 200;

    @AttributeDefinition(
            name = "View octets",
            description =
                    "Octets of memory that the views of all mailboxes may take; a message takes 10 to 20. Beyond it the"
                            + " views go that nobody has open, longest unused first; when those that are open take more, no further"
                            + " mailbox is opened.",
            min = "1")
    long max_view_octets() default 48 << 20;

    @AttributeDefinition(
            name = "Messages for a snapshot",
            description =
                    "Messages from which on the view of a mailbox is also kept on disk, so that after a restart the"
                            + " mailbox opens without all of its rows being read.",
            min = "1")
    int snapshot_rows() default 1_000;

    @AttributeDefinition(
            name = "Seconds between snapshots",
            description =
                    "Seconds after which the snapshot of a mailbox that stays in memory is written anew, when much of it"
                            + " has changed. One that leaves memory is written then.",
            min = "0")
    int snapshot_interval() default 60;

    @AttributeDefinition(
            name = "Snapshot octets",
            description = "Octets of disk that all snapshots may take; the oldest go first. 0 for no snapshots.",
            min = "0")
    long max_snapshot_octets() default 1 << 30;

    @AttributeDefinition(
            name = "Octets to read in advance",
            description =
                    "Octets of snapshots that are read after a start before anybody asks, those written last first, so"
                            + " that those who come back after a restart need not wait. 0 for none.",
            min = "0")
    long preload_octets() default 16 << 20;

    @AttributeDefinition(
            name = "Cached octets",
            description = "Octets of envelopes and MIME structures that are kept in memory.",
            min = "1")
    int max_cached_octets() default 4 << 20;

    @AttributeDefinition(
            name = "Details",
            description = "Octets of one message's envelope and MIME structure up to which the store keeps them.",
            min = "1")
    int max_details() default 64 << 10;

    @AttributeDefinition(name = "Search terms", description = "Terms that a search may have.", min = "1")
    int max_search_terms() default 1_000;

    @AttributeDefinition(
            name = "Search depth",
            description = "Terms in terms that a search may have.",
            min = "1",
            max = "500")
    int max_search_depth() default 100;

    @AttributeDefinition(
            name = "Mailboxes of a new account",
            description = "Made and subscribed beside INBOX when an account is first used: names, each with =ATTRIBUTE"
                    + " when it has a special use (RFC 6154). A comma between two in a file.")
    String[] autocreate() default {"Drafts=Drafts", "Sent=Sent", "Junk=Junk", "Trash=Trash", "Archive=Archive"};

    @AttributeDefinition(
            name = "MIME header octets",
            description = "Octets of header fields of a message, of all parts together, that are understood.",
            min = "1024")
    int mime_max_header() default 1 << 20;

    @AttributeDefinition(
            name = "MIME depth",
            description = "Parts in parts that are looked into.",
            min = "1",
            max = "500")
    int mime_max_depth() default 100;

    @AttributeDefinition(name = "MIME parts", description = "Parts of a message that are told apart.", min = "1")
    int mime_max_parts() default 10_000;
}
