package org.mailrack.delivery.internal;

import java.util.List;
import java.util.Optional;

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

/** Sends mail for local domains to the account's INBOX, and what nobody has back. */
final class LocalPolicy implements DeliveryPolicy {

    private final Directory directory;
    private final DirectoryAdmin admin;
    private final Optional<MailAddress> postmaster;

    LocalPolicy(Directory directory, DirectoryAdmin admin, String postmaster) {
        this.directory = directory;
        this.admin = admin;
        this.postmaster = address(postmaster);
    }

    private static Optional<MailAddress> address(String setting) {
        try {
            return setting.isBlank() ? Optional.empty() : Optional.of(MailAddress.parse(setting.strip()));
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "setting postmaster in " + DeliveryComponent.PID + ".cfg is no address: " + e.getMessage(), e);
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
            return Optional.of(new Route.ToMailbox(account.get().name(), MailboxInfo.INBOX, List.of()));
        }
        // RFC 5321 section 4.5.1: mail for postmaster is never refused.
        if (address.localPart().equalsIgnoreCase("postmaster")) {
            Optional<Route> route = forPostmaster(address);
            if (route.isPresent()) {
                return route;
            }
        }
        return Optional.of(new Route.Reject("5.1.1", "no such user here"));
    }

    private Optional<Route> forPostmaster(MailAddress address) {
        if (postmaster.isPresent() && !postmaster.get().key().equals(address.key())) {
            return Optional.of(new Route.Expand(List.of(postmaster.get())));
        }
        return admin.accounts().stream()
                .filter(account -> account.name().endsWith("@" + address.domain()))
                .findFirst()
                .map(account -> new Route.ToMailbox(account.name(), MailboxInfo.INBOX, List.of()));
    }
}
