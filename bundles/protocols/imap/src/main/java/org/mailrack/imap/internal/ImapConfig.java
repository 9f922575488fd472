package org.mailrack.imap.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of etc/org.mailrack.imap.cfg. Changes apply to new connections. */
@ObjectClassDefinition(name = "Mailrack IMAP", description = "Serves mailboxes by IMAP4rev1")
@interface ImapConfig {

    @AttributeDefinition(
            name = "Line length",
            description =
                    "Octets of one command without its literals. Clients that name many messages at once send long lines.",
            min = "1000")
    int max_line_length() default 65536;

    @AttributeDefinition(
            name = "Line length before login",
            description = "The same before authentication",
            min = "1000")
    int max_line_length_before_login() default 8192;

    @AttributeDefinition(
            name = "Literal size",
            description = "Octets of all literals of one command together, an appended message apart",
            min = "1")
    int max_literal_size() default 65536;

    @AttributeDefinition(
            name = "Literal size before login",
            description = "The same before authentication, for names and passwords",
            min = "1")
    int max_literal_size_before_login() default 1024;

    @AttributeDefinition(
            name = "Append size",
            description = "Octets of an appended message; a longer one is answered with [TOOBIG]",
            min = "1")
    long max_append_size() default 104857600;

    @AttributeDefinition(name = "Append messages", description = "Messages of one APPEND", min = "1")
    int max_append_messages() default 100;

    @AttributeDefinition(
            name = "Sequence elements",
            description = "Elements of one sequence set, such as 1:3,7 which has two",
            min = "1")
    int max_sequence_elements() default 20000;

    @AttributeDefinition(name = "Search depth", description = "How deep search keys may nest", min = "1")
    int max_search_depth() default 50;

    @AttributeDefinition(
            name = "Arguments",
            description = "Elements of any other list in a command: search keys, fetch items, header names, flags",
            min = "1")
    int max_arguments() default 1000;

    @AttributeDefinition(
            name = "Header size",
            description = "Octets from the start of a header in which single fields are looked for",
            min = "1000")
    int max_header_size() default 1048576;

    @AttributeDefinition(
            name = "Bad commands",
            description = "Wrong commands in a row after which the client is dropped",
            min = "1")
    int max_bad_commands() default 20;

    @AttributeDefinition(name = "Bad commands before login", description = "The same before authentication", min = "1")
    int max_bad_commands_before_login() default 5;

    @AttributeDefinition(
            name = "Login failures",
            description = "Refused logins after which the client is dropped",
            min = "1")
    int max_login_failures() default 5;

    @AttributeDefinition(
            name = "Login timeout",
            description = "Seconds without input before authentication after which the client is dropped",
            min = "1")
    int login_timeout() default 60;

    @AttributeDefinition(
            name = "Idle timeout",
            description = "Seconds without input after which the client is dropped; RFC 3501 asks for 1800 at least",
            min = "1")
    int idle_timeout() default 1800;

    @AttributeDefinition(
            name = "Idle keepalive",
            description = "Seconds after which a client in IDLE is shown that the server is there",
            min = "1")
    int idle_keepalive() default 120;

    @AttributeDefinition(
            name = "Search threads",
            description = "How many searches that read messages run at a time",
            min = "1")
    int search_threads() default 4;

    @AttributeDefinition(
            name = "Search queue",
            description = "How many more may wait; others are answered with [LIMIT]",
            min = "1")
    int search_queue() default 1000;

    @AttributeDefinition(
            name = "Login threads",
            description = "How many passwords are checked at a time; each check is meant to cost time",
            min = "1")
    int login_threads() default 4;

    @AttributeDefinition(
            name = "Login queue",
            description = "How many more may wait; others are answered with [LIMIT]",
            min = "1")
    int login_queue() default 1000;
}
