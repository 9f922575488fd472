package org.mailrack.launcher;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server says once all its endpoints accept. */
final class Announcement {

    private final Instance instance;
    private final String version;
    private final List<Readiness.State> endpoints;

    Announcement(Instance instance, String version, List<Readiness.State> endpoints) {
        this.instance = instance;
        this.version = version;
        this.endpoints = endpoints;
    }

    String text(Map<String, String> passwords, long millis, boolean foreground) {
        StringBuilder text = new StringBuilder();
        text.append(String.format("Mailrack %s on %s, ready in %.1f s%n", version, instance.base(), millis / 1000.0));
        for (Readiness.State endpoint : endpoints) {
            text.append(String.format(
                    "  %-12s %s:%d%s%s%n",
                    endpoint.name(),
                    host(endpoint.address()),
                    endpoint.port(),
                    tls(endpoint.tls()),
                    endpoint.accepting() ? "" : ", waits: no bundle brings the protocol " + endpoint.protocol()));
        }
        if (!passwords.isEmpty()) {
            text.append(String.format("%nAccounts of this demo; the passwords hold until the next run%n"));
            passwords.forEach((account, password) -> text.append(String.format("  %-18s %s%n", account, password)));
            text.append(tries(passwords));
        }
        if (foreground) {
            text.append(String.format(
                    "%nStop with Ctrl-C. Log: %s%n", instance.log().resolve("mailrack.log")));
        }
        return text.toString();
    }

    private String tries(Map<String, String> passwords) {
        StringBuilder text = new StringBuilder();
        String to = Demo.ACCOUNTS.get(1);
        String login = to + ":" + passwords.get(to);
        port("smtp")
                .ifPresent(smtp -> text.append(String.format(
                        "  swaks --server %s --from %s --to %s --body 'Do you like ketchup?'%n",
                        smtp, Demo.ACCOUNTS.get(0), to)));
        port("imap")
                .ifPresent(imap ->
                        text.append(String.format("  curl --user '%s' 'imap://%s/INBOX;MAILINDEX=1'%n", login, imap)));
        port("pop3").ifPresent(pop3 -> text.append(String.format("  curl --user '%s' 'pop3://%s/1'%n", login, pop3)));
        port("imap")
                .ifPresent(imap -> text.append(
                        // No folder of its own to make, no certificate to look at, no password to type.
                        String.format(
                                "  neomutt -e 'set folder=/ ssl_starttls=no ssl_force_tls=no imap_pass=%s' -f 'imap://%s@%s/INBOX'%n",
                                passwords.get(to), to.replace("@", "%40"), imap)));
        return text.isEmpty() ? "" : String.format("%nTry, in another terminal%n") + text;
    }

    private Optional<String> port(String name) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.name().equals(name))
                .findFirst()
                .map(endpoint -> host(reachable(endpoint.address())) + ":" + endpoint.port());
    }

    private static String reachable(String address) {
        return switch (address) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "0:0:0:0:0:0:0:0" -> "::1";
            default -> address;
        };
    }

    private static String host(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private static String tls(String tls) {
        return switch (tls.toLowerCase(java.util.Locale.ROOT)) {
            case "implicit" -> " (TLS)";
            case "starttls" -> " (STARTTLS)";
            default -> "";
        };
    }
}
