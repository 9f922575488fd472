package org.mailrack.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code init} is told.
 *
 * @param hostname the server's name; empty: the machine's
 * @param domains the local domains, without doubles
 * @param portOffset added to each standard port
 * @param bind the address where the endpoints listen
 * @param resolver the DNS server to ask, HOST:PORT, if not the system's
 * @param relayPort the port of other servers
 * @param plaintextOnLoopback whether a client on this machine may send its password in the clear
 */
record InitOptions(
        Optional<String> hostname,
        List<String> domains,
        int portOffset,
        String bind,
        Optional<String> resolver,
        int relayPort,
        boolean plaintextOnLoopback) {

    static final int DEFAULT_OFFSET = 10_000;
    static final String LOOPBACK = "127.0.0.1";

    private static final int MAX_PORT = 65_535;
    private static final int MAX_NAME = 253;
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    /** Only what is an address already: asking the DNS for it would be a surprise. */
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\\w+)?");

    static InitOptions demo() {
        return new InitOptions(
                Optional.of("hamburger.edu"),
                List.of("crepes.fr", "hamburger.edu"),
                DEFAULT_OFFSET,
                LOOPBACK,
                Optional.empty(),
                25,
                true);
    }

    static InitOptions parse(List<String> words) {
        Optional<String> hostname = Optional.empty();
        List<String> domains = new ArrayList<>();
        int portOffset = DEFAULT_OFFSET;
        String bind = LOOPBACK;
        Optional<String> resolver = Optional.empty();
        int relayPort = 25;
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            String value = null;
            int equals = option.indexOf('=');
            if (option.startsWith("--") && equals > 0) {
                value = option.substring(equals + 1);
                option = option.substring(0, equals);
            }
            switch (option) {
                case "--hostname" -> hostname = Optional.of(name(option, value(option, value, rest)));
                case "--domain" -> {
                    String domain = name(option, value(option, value, rest));
                    if (!domains.contains(domain)) {
                        domains.add(domain);
                    }
                }
                case "--port-offset" -> portOffset = number(option, value(option, value, rest), 0, MAX_PORT);
                case "--bind" -> bind = address(value(option, value, rest));
                case "--resolver" -> resolver = Optional.of(resolver(value(option, value, rest)));
                case "--relay-port" -> relayPort = number(option, value(option, value, rest), 1, MAX_PORT);
                default -> throw LauncherException.usage("init does not know " + option + ", see: mailrack help");
            }
        }
        int highest = EndpointDefaults.highest(portOffset);
        if (highest > MAX_PORT) {
            throw LauncherException.usage(
                    "--port-offset " + portOffset + ": port " + highest + " would be above " + MAX_PORT);
        }
        return new InitOptions(hostname, List.copyOf(domains), portOffset, bind, resolver, relayPort, false);
    }

    private static String value(String option, String inline, Iterator<String> rest) {
        String value = inline != null ? inline : rest.hasNext() ? rest.next() : "";
        if (value.isEmpty()) {
            throw LauncherException.usage(option + " needs a value");
        }
        return value;
    }

    private static int number(String option, String text, int min, int max) {
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw LauncherException.usage(option + " " + printable(text) + " is not a number from " + min + " to " + max);
    }

    /** A host name or domain: letters, digits and hyphens (RFC 1123 section 2.1). */
    static String name(String option, String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw LauncherException.usage(option + " " + printable(text) + " is no domain name");
        }
        return name;
    }

    private static String address(String text) {
        if (ADDRESS.matcher(text).matches()) {
            try {
                InetAddress.getByName(text);
                return text;
            } catch (UnknownHostException e) {
                // said below
            }
        }
        throw LauncherException.usage("--bind " + printable(text) + " is no IP address");
    }

    private static String resolver(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean known = bracketed
                ? ADDRESS.matcher(bare).matches()
                : NAME.matcher(host.toLowerCase(Locale.ROOT)).matches();
        if (colon < 0 || !known) {
            throw LauncherException.usage("--resolver " + printable(text) + " is not HOST:PORT");
        }
        number("--resolver", text.substring(colon + 1), 1, MAX_PORT);
        return text;
    }

    private static String printable(String text) {
        return '"' + text.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
