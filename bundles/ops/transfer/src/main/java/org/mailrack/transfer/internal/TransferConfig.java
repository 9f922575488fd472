package org.mailrack.transfer.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings in {@code etc/org.mailrack.transfer.cfg}. */
@ObjectClassDefinition(name = "Mailrack transfer", description = "Import and export of mailboxes.")
@interface TransferConfig {

    @AttributeDefinition(
            name = "batch.messages",
            description = "Messages that an import appends in one transaction.",
            min = "1")
    int batch_messages() default 500;

    @AttributeDefinition(
            name = "batch.octets",
            description =
                    "Octets of messages after which an import appends what it has; two batches are under way at once.",
            min = "1")
    int batch_octets() default 4 << 20;

    @AttributeDefinition(
            name = "max.message.size",
            description = "Octets of a message; an import passes larger ones over.",
            min = "1")
    long max_message_size() default 256 << 20;

    @AttributeDefinition(
            name = "sort.memory",
            description = "Octets of file names that are sorted in memory; more are sorted in files under data/tmp.",
            min = "4096")
    int sort_memory() default 4 << 20;

    @AttributeDefinition(
            name = "max.reported",
            description = "Problems of one command that are named; the others are only counted.",
            min = "0")
    int max_reported() default 1000;
}
