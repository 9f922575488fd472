package org.mailrack.directory.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.mailrack.api.directory.DirectoryAdmin;

/** Takes over the domains that {@code mailrack init} noted for the first start, one a line. */
final class Bootstrap {

    private Bootstrap() {}

    /** Adds the domains of the file, if there is one, and deletes it; done again after a crash in between, it does no harm. */
    static void importDomains(Path file, DirectoryAdmin admin) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            List<String> present = admin.domains();
            for (String line : Files.readAllLines(file)) {
                String domain = line.strip();
                if (!domain.isEmpty() && !domain.startsWith("#") && !present.contains(domain)) {
                    admin.addDomain(domain);
                    present = admin.domains();
                }
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot take over " + file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
