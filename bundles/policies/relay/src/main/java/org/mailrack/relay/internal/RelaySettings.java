package org.mailrack.relay.internal;

import java.time.Duration;
import java.util.Locale;

/** The relay's settings, checked. Immutable. The timeouts are those of RFC 5321 section 4.5.3.2. */
record RelaySettings(
        String resolver,
        int port,
        Tls tls,
        int maxConversations,
        int maxPerDestination,
        int maxQueued,
        int maxRecipients,
        int maxHosts,
        Duration connect,
        Duration command,
        Duration dataStart,
        Duration dataBlock,
        Duration dataEnd) {

    /** How TLS is used towards other servers. */
    enum Tls {
        /** If the other server offers it; its certificate is not checked, and without it mail goes in plain text. */
        MAY,
        /** Always, but the certificate is not checked. */
        ENCRYPT,
        /** Never. */
        NONE;

        static Tls of(String text) {
            try {
                return valueOf(text.trim().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "relay: '" + text + "' is none of may, encrypt, none (setting tls in org.mailrack.relay.cfg)",
                        e);
            }
        }
    }

    RelaySettings {
        check(port >= 1 && port <= 65535, "port");
        check(maxConversations >= 1 && maxConversations <= 1000, "max.conversations");
        check(maxPerDestination >= 1, "max.per.destination");
        check(maxQueued >= 1, "max.queued");
        check(maxRecipients >= 1, "max.recipients");
        check(maxHosts >= 1, "max.hosts");
    }

    private static void check(boolean good, String setting) {
        if (!good) {
            throw new IllegalArgumentException(
                    "relay: number out of range (setting " + setting + " in org.mailrack.relay.cfg)");
        }
    }
}
