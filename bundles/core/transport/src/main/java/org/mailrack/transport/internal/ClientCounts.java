package org.mailrack.transport.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Connections at one endpoint, in all and by client. A client is an IPv4 address or an IPv6 network of 64 bits, which is what one
 * customer gets. Loopback clients count in all only: webmail and other tools of this machine connect for many people. Thread-safe.
 */
final class ClientCounts {

    private static final Object LOOPBACK = new Object();

    private final Map<Object, Integer> byClient = new HashMap<>();
    private int all;

    /** Counts a connection unless that would pass a limit. */
    synchronized boolean admit(InetAddress address, EndpointSettings.Limits limits) {
        Object client = client(address);
        if (all >= limits.maxConnections()
                || client != LOOPBACK && byClient.getOrDefault(client, 0) >= limits.maxPerClient()) {
            return false;
        }
        all++;
        byClient.merge(client, 1, Integer::sum);
        return true;
    }

    synchronized void release(InetAddress address) {
        all--;
        byClient.computeIfPresent(client(address), (client, count) -> count == 1 ? null : count - 1);
    }

    synchronized int all() {
        return all;
    }

    private static Object client(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        return address instanceof Inet6Address
                ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }
}
