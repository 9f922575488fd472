package org.mailrack.shell.internal;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The command {@code help}: what commands there are now. */
@Component(
        service = HelpCommand.class,
        property = {"osgi.command.scope=mailrack", "osgi.command.function=help"})
public final class HelpCommand {

    /** Service property of a command: what it is for, in one line. */
    private static final String HELP = "mailrack.command.help";

    private final BundleContext context;

    @Activate
    public HelpCommand(BundleContext context) {
        this.context = context;
    }

    @Descriptor("the commands that the bundles of this server bring")
    public Object help(String... args) {
        if (args.length > 1) {
            throw new IllegalArgumentException("usage: help [COMMAND]");
        }
        Map<String, String> commands = new TreeMap<>();
        for (ServiceReference<?> reference : references()) {
            String scope = String.valueOf(reference.getProperty(CommandProcessor.COMMAND_SCOPE));
            for (Object function : functions(reference)) {
                String name = scope.equals(CommandRunner.SCOPE) ? function.toString() : scope + ':' + function;
                if (args.length == 0 || name.equals(args[0])) {
                    commands.put(name, description(reference, function.toString()));
                }
            }
        }
        if (args.length > 0 && commands.isEmpty()) {
            throw new IllegalArgumentException("no bundle brings a command " + args[0]);
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        commands.forEach((name, description) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("command", name);
            row.put("description", description);
            rows.add(row);
        });
        return rows;
    }

    private static List<Object> functions(ServiceReference<?> reference) {
        Object value = reference.getProperty(CommandProcessor.COMMAND_FUNCTION);
        return value != null && value.getClass().isArray()
                ? Rows.elements(value)
                : value == null ? List.of() : List.of(value);
    }

    private String description(ServiceReference<?> reference, String function) {
        // A bundle need not know Gogo's annotation to describe its command.
        if (reference.getProperty(HELP) instanceof String help) {
            return help;
        }
        Object command = context.getService(reference);
        if (command == null) {
            return "";
        }
        try {
            for (Method method : command.getClass().getMethods()) {
                Descriptor descriptor = method.getAnnotation(Descriptor.class);
                if (descriptor != null && method.getName().equalsIgnoreCase(function)) {
                    return descriptor.value();
                }
            }
            return "";
        } finally {
            context.ungetService(reference);
        }
    }

    private ServiceReference<?>[] references() {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(
                    null, "(&(" + CommandProcessor.COMMAND_SCOPE + "=*)(" + CommandProcessor.COMMAND_FUNCTION + "=*))");
            return found == null ? new ServiceReference<?>[0] : found;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
