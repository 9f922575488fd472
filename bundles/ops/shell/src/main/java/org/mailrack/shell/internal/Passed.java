package org.mailrack.shell.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.UnaryOperator;

import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** A jar that the launcher has let in: a copy of it that nobody else writes to. */
final class Passed implements AutoCloseable {

    private final Path copy;

    private Passed(Path copy) {
        this.copy = copy;
    }

    /**
     * Asks the launcher, which shares no class of ours.
     *
     * @throws IllegalArgumentException when it is not let in, with the reason
     */
    static Passed through(BundleContext context, Path file) {
        try {
            @SuppressWarnings("rawtypes")
            Collection<ServiceReference<UnaryOperator>> gates =
                    context.getServiceReferences(UnaryOperator.class, "(mailrack.gate=true)");
            for (ServiceReference<?> reference : gates) {
                @SuppressWarnings("unchecked")
                UnaryOperator<Path> gate = (UnaryOperator<Path>) context.getService(reference);
                if (gate != null) {
                    return new Passed(gate.apply(file.toAbsolutePath()));
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalArgumentException("nothing says which bundles may come in, see deploy.trust in mailrack.cfg");
    }

    Path copy() {
        return copy;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(copy);
    }
}
