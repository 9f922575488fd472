package org.mailrack.shell.internal;

import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command {@code diagnose}. */
@Component(
        service = DiagnoseCommand.class,
        property = {"osgi.command.scope=mailrack", "osgi.command.function=diagnose"})
public final class DiagnoseCommand {

    private final Diagnosis diagnosis;

    @Activate
    public DiagnoseCommand(@Reference Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    @Descriptor("what does not work in this server, and why")
    public Object diagnose(String... args) {
        if (args.length > 0) {
            throw new IllegalArgumentException("usage: diagnose");
        }
        return diagnosis.problems();
    }
}
