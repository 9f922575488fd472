package org.mailrack.transfer.internal.maildir;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.transfer.internal.FileNames;
import org.mailrack.transfer.internal.FolderNames;
import org.mailrack.transfer.internal.MailSource;

/** A Maildir with its folders (Maildir++). */
public final class MaildirSource implements MailSource {

    private static final int MAX_FOLDERS = 100_000;

    private final Path root;
    private final Path temporary;
    private final int sortMemory;

    /**
     * A source.
     *
     * @param root the Maildir, which is INBOX
     * @param temporary where names that are sorted may lie meanwhile
     * @param sortMemory octets of names that are sorted in memory
     */
    public MaildirSource(Path root, Path temporary, int sortMemory) {
        this.root = root;
        this.temporary = temporary;
        this.sortMemory = sortMemory;
    }

    @Override
    public List<Folder> folders() throws IOException {
        List<MaildirFolder> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = FileNames.shown(entry);
                if (name.startsWith(".") && isFolder(entry)) {
                    found.add(folder(
                            entry, FolderNames.join(List.of(name.substring(1).split("\\.")))));
                }
                if (found.size() > MAX_FOLDERS) {
                    throw new IOException("there are more than " + MAX_FOLDERS + " folders in " + root);
                }
            }
        }
        found.sort((a, b) -> a.name().compareTo(b.name()));
        if (isFolder(root)) {
            // What the operator named himself may be a link.
            found.add(0, folder(root.toRealPath(), MailboxInfo.INBOX));
        } else if (found.isEmpty()) {
            throw new IOException("it is no Maildir: it has neither cur nor new");
        }
        return List.copyOf(found);
    }

    private MaildirFolder folder(Path path, String name) {
        return new MaildirFolder(path, name, temporary, sortMemory);
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path.resolve(MaildirFolder.CUR)) || Files.isDirectory(path.resolve(MaildirFolder.NEW));
    }

    @Override
    public Set<String> subscriptions() throws IOException {
        return SubscriptionFile.read(root);
    }
}
