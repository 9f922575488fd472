package org.mailrack.directory.internal;

import java.util.List;
import java.util.Map;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.directory.DirectoryAdmin;

/** The command {@code domain}. */
@Component(
        service = DomainCommand.class,
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=domain",
            "mailrack.command.help=the local domains: add, list, remove"
        })
public final class DomainCommand {

    private static final String USAGE = "usage: domain add DOMAIN... | domain list | domain remove DOMAIN";

    private final DirectoryAdmin admin;

    @Activate
    public DomainCommand(@Reference DirectoryAdmin admin) {
        this.admin = admin;
    }

    /** Rows for {@code list}, a sentence for the others. */
    public Object domain(String... args) {
        if (args.length == 1 && args[0].equals("list")) {
            return admin.domains().stream()
                    .map(domain -> Map.<String, Object>of("domain", domain))
                    .toList();
        }
        if (args.length >= 2 && args[0].equals("add")) {
            List<String> domains = List.of(args).subList(1, args.length);
            domains.forEach(admin::addDomain);
            return "added " + String.join(" ", domains);
        }
        if (args.length == 2 && args[0].equals("remove")) {
            admin.removeDomain(args[1]);
            return "removed " + args[1];
        }
        throw new IllegalArgumentException(USAGE);
    }
}
