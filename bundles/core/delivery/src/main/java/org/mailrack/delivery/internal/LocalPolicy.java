package org.mailrack.delivery.internal;

import java.util.List;
import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import org.mailrack.api.delivery.DeliveryPolicy;
import org.mailrack.api.delivery.Route;
import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.directory.DirectoryAdmin;
import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.Recipient;
import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.spool.SpooledMail;

/**
 * Mail for local domains: into the account's inbox, back to the sender when there is no account. Mail for postmaster, whom RFC
 * 5321 section 4.5.1 demands in every domain, goes to the address that is configured, or else to the first account of the domain,
 * or else to the first of all; while there is no account at all it is held.
 */
@Component(
        service = DeliveryPolicy.class,
        configurationPid = "org.mailrack.delivery.local",
        property = "service.ranking:Integer=-1000")
@Designate(ocd = LocalPolicy.Config.class)
public final class LocalPolicy implements DeliveryPolicy, Policies.BuiltIn {

    /** The settings. */
    @ObjectClassDefinition(name = "Mailrack local delivery", description = "Where mail for local addresses goes.")
    public @interface Config {

        @AttributeDefinition(
                description = "Who gets mail for postmaster of every local domain that has no such account or alias;"
                        + " empty for the first account.")
        String postmaster() default "";
    }

    private final Directory directory;
    private final Optional<DirectoryAdmin> admin;
    private final Optional<MailAddress> postmaster;

    @Activate
    public LocalPolicy(
            @Reference Directory directory,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL) DirectoryAdmin admin,
            Config config) {
        this(directory, Optional.ofNullable(admin), config.postmaster());
    }

    LocalPolicy(Directory directory, Optional<DirectoryAdmin> admin, String postmaster) {
        this.directory = directory;
        this.admin = admin;
        try {
            this.postmaster =
                    postmaster.isBlank() ? Optional.empty() : Optional.of(MailAddress.parse(postmaster.strip()));
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "org.mailrack.delivery.local: postmaster is no address: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Route> route(SpooledMail mail, Recipient recipient) {
        MailAddress address = recipient.address();
        if (!directory.isLocal(address.domain())) {
            return Optional.empty();
        }
        Optional<Account> account = directory.account(address);
        if (account.isPresent()) {
            return Optional.of(inbox(account.get()));
        }
        if (address.localPart().equalsIgnoreCase("postmaster")) {
            return Optional.of(postmaster(address));
        }
        if (!directory.alias(address).isEmpty()) {
            // Who knows the aliases is away for the moment: no reason to send the mail back.
            return Optional.of(new Route.Defer("4.3.2", "aliases are not expanded at the moment"));
        }
        return Optional.of(new Route.Reject("5.1.1", "no such user here"));
    }

    private Route postmaster(MailAddress address) {
        if (postmaster.isPresent() && !postmaster.get().key().equals(address.key())) {
            return new Route.Expand(List.of(postmaster.get()));
        }
        List<Account> accounts = admin.map(DirectoryAdmin::accounts).orElse(List.of());
        return accounts.stream()
                .filter(account -> account.name().endsWith('@' + address.domain()))
                .findFirst()
                .or(() -> accounts.stream().findFirst())
                .<Route>map(LocalPolicy::inbox)
                .orElseGet(() -> new Route.Hold("there is no account yet that could be postmaster"));
    }

    private static Route.ToMailbox inbox(Account account) {
        return new Route.ToMailbox(account.name(), MailboxInfo.INBOX, List.of());
    }
}
