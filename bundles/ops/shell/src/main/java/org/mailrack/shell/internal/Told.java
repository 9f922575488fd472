package org.mailrack.shell.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Problems that those tell who share no class of ours: suppliers of lines, "subject: problem". */
final class Told {

    private Told() {}

    /** @param mark the service's property that is true */
    static List<Problem> by(BundleContext context, String mark) {
        List<Problem> problems = new ArrayList<>();
        try {
            for (ServiceReference<?> reference : context.getServiceReferences(Supplier.class, "(" + mark + "=true)")) {
                if (context.getService(reference) instanceof Supplier<?> supplier
                        && supplier.get() instanceof List<?> lines) {
                    for (Object line : lines) {
                        String[] parts = line.toString().split(": ", 2);
                        problems.add(new Problem(parts[0], parts[parts.length - 1]));
                    }
                }
                context.ungetService(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return problems;
    }
}
