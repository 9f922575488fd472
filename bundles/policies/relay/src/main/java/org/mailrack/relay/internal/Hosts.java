package org.mailrack.relay.internal;

import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Finds the servers of a destination (RFC 5321 section 5.1, RFC 7505). Thread-safe. */
final class Hosts {

    private static final Duration DNS_TIMEOUT = Duration.ofSeconds(5);
    private static final int CACHE_ENTRIES = 10_000;

    /** A server to try: its name for TLS, log and reports, and where it is. */
    record Host(String name, InetSocketAddress address) {}

    private final String resolverSetting;
    private final int port;
    private final Cache cache = new Cache(DClass.IN);
    private Resolver resolver;

    Hosts(String resolver, int port) {
        this.resolverSetting = resolver.trim();
        this.port = port;
        cache.setMaxEntries(CACHE_ENTRIES);
    }

    /** The names of the servers to try, in order. */
    List<String> names(String domain, String ourName) throws RouteException {
        String ascii = ascii(domain);
        Lookup lookup = lookup(ascii, Type.MX);
        Record[] found = lookup.run();
        switch (lookup.getResult()) {
            case Lookup.SUCCESSFUL -> {
                return sort(domain, found, ourName);
            }
            case Lookup.TYPE_NOT_FOUND -> {
                if (ascii.equalsIgnoreCase(ourName)) {
                    throw loop(domain);
                }
                return List.of(ascii);
            }
            case Lookup.HOST_NOT_FOUND ->
                throw RouteException.failed("5.1.2", "", "domain " + domain + " does not exist");
            default -> throw unanswered(domain, lookup);
        }
    }

    /** Order by preference, equal ones by chance; none that is not nearer to the goal than we are. */
    private static List<String> sort(String domain, Record[] found, String ourName) throws RouteException {
        List<MXRecord> records = new ArrayList<>();
        int ours = Integer.MAX_VALUE;
        for (Record record : found) {
            MXRecord mx = (MXRecord) record;
            if (mx.getTarget().toString(true).equalsIgnoreCase(ourName)) {
                ours = Math.min(ours, mx.getPriority());
            }
            if (!mx.getTarget().equals(Name.root)) {
                records.add(mx);
            }
        }
        if (records.isEmpty()) {
            throw RouteException.failed("5.1.10", "", "domain " + domain + " accepts no mail (null MX)");
        }
        int limit = ours;
        records.removeIf(mx -> mx.getPriority() >= limit);
        if (records.isEmpty()) {
            throw loop(domain);
        }
        Collections.shuffle(records);
        records.sort(Comparator.comparingInt(MXRecord::getPriority));
        return records.stream()
                .map(mx -> mx.getTarget().toString(true))
                .distinct()
                .toList();
    }

    private static RouteException loop(String domain) {
        return RouteException.failed(
                "5.4.6", "", "mail for " + domain + " comes back to this server, which does not take it");
    }

    /** The addresses of a server, IPv4 first, because far fewer servers are refused by their IPv4 address. */
    List<Host> addresses(String name) throws RouteException {
        return addresses(name, port);
    }

    private List<Host> addresses(String name, int atPort) throws RouteException {
        List<Host> hosts = new ArrayList<>();
        Lookup failed = null;
        for (int type : new int[] {Type.A, Type.AAAA}) {
            Lookup lookup = lookup(name, type);
            Record[] found = lookup.run();
            int result = lookup.getResult();
            if (result == Lookup.SUCCESSFUL) {
                Arrays.stream(found)
                        .map(record ->
                                record instanceof ARecord a ? a.getAddress() : ((AAAARecord) record).getAddress())
                        .forEach(address -> hosts.add(new Host(name, new InetSocketAddress(address, atPort))));
            } else if (result != Lookup.HOST_NOT_FOUND && result != Lookup.TYPE_NOT_FOUND) {
                failed = lookup;
            }
        }
        if (hosts.isEmpty() && failed != null) {
            throw unanswered(name, failed);
        }
        if (hosts.isEmpty()) {
            throw RouteException.failed("5.4.4", "", "host " + name + " has no address");
        }
        return hosts;
    }

    /** The server that a route names: {@code host}, {@code [host]}, or an address, each with a port if wanted; no MX is asked. */
    List<Host> nextHop(String nextHop) throws RouteException {
        String host = nextHop.trim();
        int atPort = port;
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']') && host.indexOf(':') == colon || host.indexOf("]:") > 0;
        if (hasPort) {
            try {
                atPort = Integer.parseInt(host.substring(colon + 1));
            } catch (NumberFormatException e) {
                atPort = -1;
            }
            host = host.substring(0, colon);
            if (atPort < 1 || atPort > 65535) {
                throw RouteException.deferred("4.3.5", "", "next hop " + nextHop + " has a broken port");
            }
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        InetAddress address = literal(host);
        if (address != null) {
            return List.of(new Host(host, new InetSocketAddress(address, atPort)));
        }
        try {
            return addresses(ascii(host), atPort);
        } catch (RouteException e) {
            // The operator's mistake, which he will mend: mail must not bounce for it.
            throw RouteException.deferred(e.permanent() ? "4.4.4" : "4.4.3", "", "next hop: " + e.getMessage());
        }
    }

    /** The server that an address literal names (RFC 5321 section 4.1.3). */
    List<Host> literalHost(String domain) throws RouteException {
        String inside = domain.substring(1, domain.length() - 1);
        InetAddress address = literal(inside.startsWith("ipv6:") ? inside.substring(5) : inside);
        if (address == null) {
            throw RouteException.failed("5.1.2", "", "address literal " + domain + " is no IP address");
        }
        return List.of(new Host(domain, new InetSocketAddress(address, port)));
    }

    private static InetAddress literal(String text) {
        if (!text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return null;
        }
        try {
            // Only digits, so that no name is looked up.
            return text.matches("\\d+(\\.\\d+){3}") || text.indexOf(':') >= 0 ? InetAddress.getByName(text) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static String ascii(String domain) throws RouteException {
        try {
            return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            throw RouteException.failed("5.1.2", "", "domain " + domain + " cannot be written in DNS");
        }
    }

    private static RouteException unanswered(String name, Lookup lookup) {
        return RouteException.deferred("4.4.3", "", "no answer from DNS for " + name + ": " + lookup.getErrorString());
    }

    private Lookup lookup(String name, int type) throws RouteException {
        try {
            Lookup lookup = new Lookup(Name.fromString(name, Name.root), type);
            lookup.setResolver(resolver());
            lookup.setCache(cache);
            lookup.setSearchPath(List.of());
            lookup.setHostsFileParser(null);
            return lookup;
        } catch (TextParseException e) {
            throw RouteException.failed("5.1.2", "", "domain " + name + " cannot be written in DNS");
        }
    }

    /** Made when it is needed first: reading the system's configuration takes time that the start does not have. */
    private synchronized Resolver resolver() throws RouteException {
        if (resolver == null) {
            try {
                resolver = resolverSetting.isEmpty()
                        ? new ExtendedResolver()
                        : new SimpleResolver(address(resolverSetting));
                resolver.setTimeout(DNS_TIMEOUT);
            } catch (UnknownHostException e) {
                throw RouteException.deferred(
                        "4.3.5", "", "no DNS resolver (setting resolver in org.mailrack.relay.cfg)");
            }
        }
        return resolver;
    }

    /** Reads {@code HOST:PORT}; without a port it is 53. */
    static InetSocketAddress address(String setting) throws UnknownHostException {
        int colon = setting.lastIndexOf(':');
        boolean hasPort = colon > setting.lastIndexOf(']') && (setting.indexOf(':') == colon || setting.contains("]"));
        String host = hasPort ? setting.substring(0, colon) : setting;
        try {
            int port = hasPort ? Integer.parseInt(setting.substring(colon + 1)) : 53;
            return new InetSocketAddress(InetAddress.getByName(host.replaceAll("[\\[\\]]", "")), port);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "relay: '" + setting + "' is not HOST:PORT (setting resolver in org.mailrack.relay.cfg)", e);
        }
    }
}
