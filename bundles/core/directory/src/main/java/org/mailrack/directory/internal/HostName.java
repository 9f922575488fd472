package org.mailrack.directory.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;

/** Finds the machine's fully qualified name. The resolver may hang, so it is asked aside and not waited for longer than a second. */
final class HostName {

    private static final Logger log = LoggerFactory.getLogger(HostName.class);

    private HostName() {}

    /** The machine's name, or {@code localhost} when it has no qualified one. */
    static String find() {
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread resolver = new Thread(
                () -> {
                    try {
                        found.complete(InetAddress.getLocalHost().getCanonicalHostName());
                    } catch (UnknownHostException e) {
                        found.complete("");
                    }
                },
                "mailrack-hostname");
        resolver.setDaemon(true);
        resolver.start();
        String name;
        try {
            name = found.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            name = "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            name = "";
        }
        if (!qualified(name)) {
            log.warn("host name unknown using=localhost setting=org.mailrack.directory:hostname");
            return "localhost";
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static boolean qualified(String name) {
        // An address written out is what the resolver gives when it knows no name.
        if (name.indexOf('.') < 0 || name.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9')) {
            return false;
        }
        try {
            new MailAddress("postmaster", name);
            return true;
        } catch (AddressException e) {
            return false;
        }
    }
}
