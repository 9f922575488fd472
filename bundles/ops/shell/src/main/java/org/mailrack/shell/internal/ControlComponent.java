package org.mailrack.shell.internal;

import java.io.IOException;
import java.nio.file.Path;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the control socket when there is an instance folder to open it in. */
@Component(
        immediate = true,
        service = {})
public final class ControlComponent {

    private static final Logger log = LoggerFactory.getLogger(ControlComponent.class);

    private final ControlServer server;

    @Activate
    public ControlComponent(
            BundleContext context, @Reference CommandProcessor processor, @Reference ThreadIO threadIo) {
        String base = context.getProperty("mailrack.base");
        if (base == null) {
            log.info("control socket off reason=mailrack.base is not set");
            server = null;
            return;
        }
        Path data = Path.of(base, "data");
        try {
            server = new ControlServer(data, new CommandRunner(processor, threadIo));
        } catch (IOException e) {
            throw new IllegalStateException("cannot open the control socket in " + data + ": " + e.getMessage(), e);
        }
        log.info("control socket open socket={}", server.socket());
    }

    @Deactivate
    void deactivate() {
        if (server != null) {
            server.close();
        }
    }
}
