package org.mailrack.launcher;

import java.util.List;

/**
 * An endpoint that {@code init} sets up.
 *
 * @param name its name
 * @param protocol what is spoken there
 * @param port the standard port
 * @param tls none, starttls or implicit
 * @param about what it is for, for the operator
 */
record EndpointDefaults(String name, String protocol, int port, String tls, String about) {

    static final List<EndpointDefaults> ALL = List.of(
            new EndpointDefaults("smtp", "smtp", 25, "starttls", "Mail from other servers (RFC 5321)."),
            new EndpointDefaults("submission", "submission", 587, "starttls", "Mail from our users (RFC 6409)."),
            new EndpointDefaults(
                    "submissions",
                    "submission",
                    465,
                    "implicit",
                    "Mail from our users, TLS from the start (RFC 8314)."),
            new EndpointDefaults("lmtp", "lmtp", 24, "none", "Mail from a server in front of this one (RFC 2033)."),
            new EndpointDefaults("pop3", "pop3", 110, "starttls", "Users fetch their mail (RFC 1939)."),
            new EndpointDefaults(
                    "pop3s", "pop3", 995, "implicit", "Users fetch their mail, TLS from the start (RFC 8314)."),
            new EndpointDefaults("imap", "imap", 143, "starttls", "Users read their mail (RFC 3501)."),
            new EndpointDefaults(
                    "imaps", "imap", 993, "implicit", "Users read their mail, TLS from the start (RFC 8314)."));

    /** Kept free for what comes later: ManageSieve, HTTP, HTTPS. */
    private static final List<Integer> RESERVED = List.of(4190, 80, 443);

    static int highest(int offset) {
        int highest = ALL.stream().mapToInt(EndpointDefaults::port).max().orElseThrow();
        for (int port : RESERVED) {
            highest = Math.max(highest, port);
        }
        return highest + offset;
    }
}
