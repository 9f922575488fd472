package org.mailrack.shell.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import org.mailrack.api.net.Endpoint;

/** The command {@code endpoint}. */
@Component(
        service = EndpointCommand.class,
        property = {"osgi.command.scope=mailrack", "osgi.command.function=endpoint"})
public final class EndpointCommand {

    private static final List<String> COLUMNS =
            List.of("name", "protocol", "address", "port", "tls", "state", "reason");

    private final BundleContext context;

    @Activate
    public EndpointCommand(BundleContext context) {
        this.context = context;
    }

    @Descriptor("where the server listens, and whether it accepts there")
    public Object endpoint(String... args) {
        Words words = Words.of("endpoint list", args);
        if (!words.action().equals("list")) {
            throw words.wrong();
        }
        words.rest(0, 0);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (ServiceReference<?> reference : references()) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (String column : COLUMNS) {
                row.put(column, reference.getProperty("endpoint." + column));
            }
            rows.add(row);
        }
        rows.sort(Comparator.comparing(row -> String.valueOf(row.get("name"))));
        return rows;
    }

    private ServiceReference<?>[] references() {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(Endpoint.class.getName(), null);
            return found == null ? new ServiceReference<?>[0] : found;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
