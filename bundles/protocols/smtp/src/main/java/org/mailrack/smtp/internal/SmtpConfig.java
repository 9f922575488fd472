package org.mailrack.smtp.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of {@code etc/org.mailrack.smtp.cfg}. */
@ObjectClassDefinition(
        name = "Mailrack SMTP",
        description = "Receiving mail by SMTP, submission and LMTP. A change applies to connections made after it.")
@interface SmtpConfig {

    @AttributeDefinition(
            name = "Largest message",
            description = "Octets of one message. Announced by SIZE; more is answered 552 5.3.4.",
            min = "65536")
    long max_message_size() default 50L * 1024 * 1024;

    @AttributeDefinition(
            name = "Largest header",
            description = "Octets of a message's header section. More is answered 552 5.3.4.",
            min = "1024")
    int max_header_size() default 256 * 1024;

    @AttributeDefinition(
            name = "Longest command line",
            description =
                    "Octets with CRLF: the 512 of RFC 5321 and what the extensions add. More is answered 500 5.5.2.",
            min = "512")
    int max_command_line() default 2048;

    @AttributeDefinition(
            name = "Longest AUTH line",
            description =
                    "Octets with CRLF of a line in an AUTH exchange (RFC 4954 section 4). More is answered 500 5.5.6.",
            min = "512")
    int max_auth_line() default 12288;

    @AttributeDefinition(
            name = "Longest text line",
            description =
                    "Octets with CRLF of one line of a message. RFC 5321 asks for 1000, real clients send more. More than"
                            + " this is answered 554 5.6.0.",
            min = "1000")
    int max_text_line() default 64 * 1024;

    @AttributeDefinition(
            name = "Recipients of a message",
            description = "More are answered 452 4.5.3, which makes clients send another copy for them.",
            min = "100")
    int max_recipients() default 1000;

    @AttributeDefinition(
            name = "Rejected recipients of a session",
            description = "After so many a client is guessing addresses, and is told 421.",
            min = "1")
    int max_rejected_recipients() default 100;

    @AttributeDefinition(
            name = "Errors of a session",
            description = "After so many errors of protocol the client is told 421.",
            min = "1")
    int max_errors() default 20;

    @AttributeDefinition(
            name = "Failed logins of a session",
            description = "After so many failed AUTH commands the client is told 421.",
            min = "1")
    int max_auth_failures() default 3;

    @AttributeDefinition(
            name = "Commands of a session",
            description = "After so many the client is told 421.",
            min = "10")
    int max_session_commands() default 20_000;

    @AttributeDefinition(
            name = "Messages of a session",
            description = "After so many the client is told 421.",
            min = "1")
    int max_session_messages() default 1000;

    @AttributeDefinition(
            name = "Length of a session",
            description = "Seconds after which the client is told 421.",
            min = "1")
    int max_session_time() default 2 * 60 * 60;

    @AttributeDefinition(
            name = "Idle time",
            description =
                    "Seconds without input after which the client is told 421 4.4.2 (RFC 5321 section 4.5.3.2.7 asks for 300).",
            min = "1")
    int idle_timeout() default 300;

    @AttributeDefinition(
            name = "Hops of a message",
            description = "A message with more Received fields is in a loop, and is answered 554 5.4.6.",
            min = "1")
    int max_hops() default 50;

    @AttributeDefinition(
            name = "Bare CR and LF in messages",
            description =
                    "What is done with a CR or LF that is not part of CRLF: refuse the message, or make CRLF of it. It never"
                            + " ends a message.",
            options = {
                @Option(label = "Refuse the message with 554 5.6.0", value = "refuse"),
                @Option(label = "Make CRLF of it", value = "normalise")
            })
    String bare_newlines() default "refuse";

    @AttributeDefinition(
            name = "Check of the sender",
            description =
                    "Whether the sender address of a submitted message must belong to the account that authenticated: be its"
                            + " address, an alias of it, or empty.")
    boolean sender_check() default true;

    @AttributeDefinition(
            name = "Threads",
            description =
                    "How many messages may be in the message filters at the same time. As many as 64 times that may wait;"
                            + " more are answered 451 4.3.2. A change needs a restart of the bundle.",
            min = "1")
    int worker_threads() default 16;
}
