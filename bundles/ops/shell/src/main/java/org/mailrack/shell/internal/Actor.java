package org.mailrack.shell.internal;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;

import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who gave the command that the present thread runs. */
final class Actor {

    private static final Logger log = LoggerFactory.getLogger(Actor.class);
    private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

    private Actor() {}

    /** The user at the other end of a control socket, as the system knows him. */
    static String of(SocketChannel client) {
        try {
            UnixDomainPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED);
            UserPrincipal user = peer.user();
            return user.getName();
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("control client not known reason={}", e.toString());
            return "unknown";
        }
    }

    /** Has the thread work for somebody. */
    static void begin(String name) {
        CURRENT.set(name);
    }

    static void end() {
        CURRENT.remove();
    }

    /** His name; null in a thread that works for nobody. */
    static String current() {
        return CURRENT.get();
    }
}
