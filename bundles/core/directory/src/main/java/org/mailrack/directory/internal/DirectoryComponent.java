package org.mailrack.directory.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.AuthenticationException;
import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.directory.DirectoryAdmin;
import org.mailrack.api.directory.SaslExchange;
import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mailbox.Mailboxes;
import org.mailrack.api.store.AccountStore;

/** The bundle's services as one component, because they share one memory of the store. Changed settings apply at once. */
@Component(
        configurationPid = "org.mailrack.directory",
        immediate = true,
        service = {Directory.class, DirectoryAdmin.class, Authenticator.class, AliasListing.class})
@Designate(ocd = DirectoryConfig.class)
public final class DirectoryComponent implements Directory, DirectoryAdmin, Authenticator, AliasListing {

    private final Hasher hasher;
    private final LocalDirectory directory;
    private final LocalAdmin admin;
    private final LocalAuthenticator authenticator;

    /** Only for removing the mailboxes of an account; a rack may have none. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Mailboxes mailboxes;

    @Activate
    public DirectoryComponent(BundleContext context, @Reference AccountStore store, DirectoryConfig config) {
        this(store, Settings.of(config));
        String base = context.getProperty("mailrack.base");
        if (base != null) {
            Bootstrap.importDomains(Path.of(base, "data", "bootstrap-domains"), admin);
        }
    }

    DirectoryComponent(AccountStore store, Settings settings) {
        hasher = new Hasher(settings);
        directory = new LocalDirectory(store, settings, System::nanoTime, DirectoryComponent::inBackground);
        admin = new LocalAdmin(store, directory, hasher, () -> Optional.ofNullable(mailboxes));
        authenticator = new LocalAuthenticator(store, directory, hasher, settings, System::nanoTime);
    }

    /** Once a minute at most, which is not worth a pool. */
    private static void inBackground(Runnable task) {
        Thread thread = new Thread(task, "directory-refresh");
        thread.setDaemon(true);
        thread.start();
    }

    @Modified
    void modified(DirectoryConfig config) {
        Settings changed = Settings.of(config);
        hasher.settings(changed);
        directory.settings(changed);
        authenticator.settings(changed);
    }

    @Override
    public String hostname() {
        return directory.hostname();
    }

    @Override
    public boolean isLocal(String domain) {
        return directory.isLocal(domain);
    }

    @Override
    public Optional<Account> account(MailAddress address) {
        return directory.account(address);
    }

    @Override
    public List<MailAddress> alias(MailAddress address) {
        return directory.alias(address);
    }

    @Override
    public boolean accepts(MailAddress address) {
        return directory.accepts(address);
    }

    @Override
    public List<String> domains() {
        return admin.domains();
    }

    @Override
    public void addDomain(String domain) {
        admin.addDomain(domain);
    }

    @Override
    public void removeDomain(String domain) {
        admin.removeDomain(domain);
    }

    @Override
    public List<Account> accounts() {
        return admin.accounts();
    }

    @Override
    public Account addAccount(MailAddress address, char[] password) {
        return admin.addAccount(address, password);
    }

    @Override
    public void setPassword(MailAddress address, char[] password) {
        admin.setPassword(address, password);
    }

    @Override
    public void removeAccount(MailAddress address) {
        admin.removeAccount(address);
    }

    @Override
    public void setAlias(MailAddress address, List<MailAddress> targets) {
        admin.setAlias(address, targets);
    }

    @Override
    public Map<String, List<String>> aliases() {
        return admin.aliases();
    }

    @Override
    public boolean allowsPlaintext(Client client) {
        return authenticator.allowsPlaintext(client);
    }

    @Override
    public List<String> mechanisms(Client client) {
        return authenticator.mechanisms(client);
    }

    @Override
    public SaslExchange begin(String mechanism, Client client) throws AuthenticationException {
        return authenticator.begin(mechanism, client);
    }

    @Override
    public Account password(String name, char[] password, Client client) throws AuthenticationException {
        return authenticator.password(name, password, client);
    }
}
