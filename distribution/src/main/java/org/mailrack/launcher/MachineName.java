package org.mailrack.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The machine's fully qualified name. */
final class MachineName {

    private MachineName() {}

    /** The name, or {@code localhost}; a resolver that hangs is not waited for longer than two seconds. */
    static String find() {
        CompletableFuture<String> name = new CompletableFuture<>();
        Thread asker = new Thread(
                () -> {
                    try {
                        name.complete(InetAddress.getLocalHost().getCanonicalHostName());
                    } catch (UnknownHostException e) {
                        name.complete("localhost");
                    }
                },
                "hostname");
        asker.setDaemon(true);
        asker.start();
        try {
            String found = name.get(2, TimeUnit.SECONDS);
            boolean address = found.indexOf(':') >= 0 || found.matches("[0-9.]+");
            return address ? "localhost" : InitOptions.name("hostname", found);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "localhost";
        } catch (ExecutionException | TimeoutException | LauncherException e) {
            return "localhost";
        }
    }
}
