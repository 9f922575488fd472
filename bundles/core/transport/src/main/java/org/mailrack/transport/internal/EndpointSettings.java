package org.mailrack.transport.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.mailrack.api.net.Endpoint;
import org.mailrack.api.net.Endpoint.TlsMode;

/**
 * An endpoint's configuration, read from text so that a mistake gives a line that names the setting and its file. Immutable.
 *
 * @param file the configuration file, for messages
 * @param endpoint name, protocol, address and the settings that are the protocol's
 */
record EndpointSettings(String file, Endpoint endpoint, boolean enabled, int backlog, Limits limits) {

    /** What can change without binding anew. */
    record Limits(
            int maxConnections,
            int maxPerClient,
            Duration handshakeTimeout,
            Duration writeTimeout,
            Duration closeTimeout,
            Duration absentWait,
            Duration goodbyeTimeout) {}

    static final String PID = "org.mailrack.transport.endpoint";

    /** Reads a configuration. On failure the endpoint is still known by {@link #name} and {@link #file}. */
    static EndpointSettings parse(Map<String, ?> configuration) throws SettingException {
        return new Reader(configuration).read();
    }

    static String name(Map<String, ?> configuration) {
        return new Reader(configuration).name();
    }

    static String file(Map<String, ?> configuration) {
        return new Reader(configuration).file();
    }

    private static final class Reader {

        private final Map<String, String> rest = new TreeMap<>();
        private final String pid;
        private final String file;

        Reader(Map<String, ?> configuration) {
            pid = String.valueOf(configuration.get("service.pid"));
            // FileInstall tells which file it read; other sources of configuration have none.
            String path = String.valueOf(configuration.get("felix.fileinstall.filename"));
            file = path.endsWith(".cfg") ? path.substring(path.lastIndexOf('/') + 1) : pid + ".cfg";
            configuration.forEach((key, value) -> {
                if (!key.matches("(service|component|felix|osgi)\\..*|\\..*")) {
                    rest.put(key, String.valueOf(value).trim());
                }
            });
        }

        String file() {
            return file;
        }

        String name() {
            String given = rest.getOrDefault("name", "");
            if (!given.isEmpty()) {
                return given;
            }
            String id = file.startsWith(PID) ? file.substring(0, file.length() - ".cfg".length()) : pid;
            return id.length() > PID.length() + 1 ? id.substring(PID.length() + 1) : "unnamed";
        }

        EndpointSettings read() throws SettingException {
            String name = name();
            String protocol = rest.getOrDefault("protocol", "");
            protocol = protocol.isEmpty() ? name : protocol;
            int port = (int) number("port", null, 0, 65535);
            InetAddress address = address();
            TlsMode tls = tls();
            boolean enabled = flag("enabled", true);
            int backlog = (int) number("backlog", 1024L, 1, 65535);
            Limits limits = new Limits(
                    (int) number("max.connections", 1000L, 1, 10_000_000),
                    (int) number("max.connections.per.client", 50L, 1, 10_000_000),
                    time("handshake.timeout", Duration.ofSeconds(30)),
                    time("write.timeout", Duration.ofMinutes(2)),
                    time("close.timeout", Duration.ofMinutes(5)),
                    time("absent.wait", Duration.ofSeconds(2)),
                    time("goodbye.timeout", Duration.ofSeconds(5)));
            rest.keySet().removeAll(java.util.List.of("name", "protocol"));
            Endpoint endpoint = new Endpoint(name, protocol, new InetSocketAddress(address, port), tls, rest);
            return new EndpointSettings(file(), endpoint, enabled, backlog, limits);
        }

        private SettingException broken(String setting, String why) {
            return new SettingException(
                    "endpoint " + name() + ": " + why + " (setting " + setting + " in " + file() + ")");
        }

        private InetAddress address() throws SettingException {
            String text = rest.remove("address");
            try {
                return InetAddress.getByName(text == null || text.isEmpty() ? "127.0.0.1" : text);
            } catch (UnknownHostException e) {
                throw broken("address", "address " + text + " is unknown");
            }
        }

        private TlsMode tls() throws SettingException {
            String text = rest.remove("tls");
            try {
                return text == null ? TlsMode.NONE : TlsMode.valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw broken("tls", "'" + text + "' is none of none, starttls, implicit");
            }
        }

        private boolean flag(String setting, boolean preset) throws SettingException {
            String text = rest.remove(setting);
            if (text == null) {
                return preset;
            }
            if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                throw broken(setting, "'" + text + "' is neither true nor false");
            }
            return Boolean.parseBoolean(text);
        }

        private long number(String setting, Long preset, long min, long max) throws SettingException {
            String text = rest.remove(setting);
            if (text == null && preset != null) {
                return preset;
            }
            if (text == null || text.isEmpty()) {
                throw broken(setting, setting + " is not set");
            }
            try {
                long value = Long.parseLong(text);
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw broken(setting, "'" + text + "' is no number from " + min + " to " + max);
        }

        /** A number with the unit ms, s, m or h; without a unit it is in milliseconds. */
        private Duration time(String setting, Duration preset) throws SettingException {
            String text = rest.remove(setting);
            if (text == null) {
                return preset;
            }
            java.util.regex.Matcher parts =
                    java.util.regex.Pattern.compile("(\\d{1,9}) *(ms|s|m|h|)").matcher(text);
            if (!parts.matches()) {
                throw broken(setting, "'" + text + "' is no time such as 500 ms, 30 s, 5 m or 1 h");
            }
            long count = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofMillis(count);
            };
        }
    }
}
