package org.mailrack.transfer.internal.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.transfer.internal.FolderNames;
import org.mailrack.transfer.internal.MailTarget;

/** A new Maildir with folders (Maildir++), as Dovecot reads it. */
public final class MaildirTarget implements MailTarget {

    private final Path root;
    private final String host;

    /**
     * A target.
     *
     * @param root what to make
     * @param host the name of this server, which is part of the files' names
     */
    public MaildirTarget(Path root, String host) throws IOException {
        this.root = root;
        this.host = host.replaceAll("[^A-Za-z0-9.-]", "_");
        // Also when INBOX is not exported: without these it would be no Maildir.
        MaildirWriter.makeFolders(root);
    }

    @Override
    public Folder folder(MailboxInfo mailbox, List<String> keywords) throws IOException {
        Path folder = mailbox.name().equals(MailboxInfo.INBOX)
                ? root
                : root.resolve(FolderNames.fitting('.' + SubscriptionFile.line(mailbox.name())));
        if (!folder.equals(root)) {
            MaildirWriter.makeFolders(folder);
            Files.createFile(folder.resolve("maildirfolder"));
        }
        return new MaildirWriter(folder, host, mailbox, keywords);
    }

    @Override
    public void subscriptions(Set<String> names) throws IOException {
        SubscriptionFile.write(root, names);
    }
}
