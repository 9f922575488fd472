package org.mailrack.pop3.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of {@code etc/org.mailrack.pop3.cfg}. */
@ObjectClassDefinition(name = "Mailrack POP3", description = "The POP3 server")
public @interface Pop3Config {

    @AttributeDefinition(
            name = "Idle timeout",
            description =
                    "Seconds without a command after which a connection is closed; RFC 1939 asks for 600 at least",
            min = "1",
            max = "86400")
    int idle_timeout() default 600;

    @AttributeDefinition(
            name = "Longest line",
            description = "Octets of a command line with its end; RFC 2449 asks for 255 at least",
            min = "64",
            max = "65536")
    int max_line() default 255;

    @AttributeDefinition(
            name = "Longest line with credentials",
            description = "Octets of a PASS or AUTH line and of the lines of an authentication exchange",
            min = "255",
            max = "65536")
    int max_auth_line() default 4096;

    @AttributeDefinition(
            name = "Errors",
            description = "Commands that are unknown, malformed or out of place, after which a connection is closed",
            min = "1",
            max = "1000000")
    int max_errors() default 20;

    @AttributeDefinition(
            name = "Failed logins",
            description = "Failed logins after which a connection is closed",
            min = "1",
            max = "1000000")
    int max_login_failures() default 5;

    @AttributeDefinition(
            name = "Logins at a time",
            description = "How many passwords are checked at the same time; further logins wait",
            min = "1",
            max = "1024")
    int login_threads() default 4;

    @AttributeDefinition(
            name = "Waiting logins",
            description = "How many logins may wait; further ones are refused for now",
            min = "1",
            max = "1000000")
    int login_queue() default 1000;

    @AttributeDefinition(
            name = "Refuse UTF-8 headers",
            description =
                    "Whether a message with UTF-8 in its header is refused with [UTF8] to a client that did not give the"
                            + " command UTF8, as RFC 6856 has it. Most clients read such messages well, and many stop at the refusal.")
    boolean utf8_strict() default false;
}
