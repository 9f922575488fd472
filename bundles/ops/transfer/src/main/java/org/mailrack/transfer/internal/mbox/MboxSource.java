package org.mailrack.transfer.internal.mbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.transfer.internal.FileNames;
import org.mailrack.transfer.internal.FolderNames;
import org.mailrack.transfer.internal.MailSource;
import org.mailrack.transfer.internal.PlainFiles;

/**
 * An mbox file, or a folder of them: each file is a folder of mail, folders of files are its levels. Thunderbird's {@code NAME.sbd},
 * which holds what is below NAME, and Apple Mail's {@code NAME.mbox/mbox} are known.
 */
public final class MboxSource implements MailSource {

    private static final int MAX_DEPTH = 20;
    private static final int MAX_FOLDERS = 100_000;
    private static final int MAX_SUBSCRIPTIONS = 4 << 20;
    private static final String MBOX = ".mbox";
    private static final String BELOW = ".sbd";
    /** What is known to lie beside mbox files and to be none. */
    private static final List<String> OTHERS = List.of(".msf", ".dat", ".lock", ".html", ".json", ".plist");

    private final Path root;
    private final ZoneId zone;
    private final boolean onlyOneQuote;

    /**
     * A source.
     *
     * @param root a file or a folder
     * @param zone the zone of dates that do not say theirs
     * @param onlyOneQuote whether only {@code >From } is quoted (mboxo)
     */
    public MboxSource(Path root, ZoneId zone, boolean onlyOneQuote) {
        this.root = root;
        this.zone = zone;
        this.onlyOneQuote = onlyOneQuote;
    }

    @Override
    public List<Folder> folders() throws IOException {
        if (!Files.isDirectory(root)) {
            // What the operator named himself may be a link.
            return List.of(new MboxFile(root.toRealPath(), MailboxInfo.INBOX));
        }
        List<Folder> found = new ArrayList<>();
        find(root, List.of(), found);
        found.sort((a, b) -> {
            boolean inbox = a.name().equals(MailboxInfo.INBOX);
            return inbox != b.name().equals(MailboxInfo.INBOX)
                    ? (inbox ? -1 : 1)
                    : a.name().compareTo(b.name());
        });
        return found;
    }

    private void find(Path folder, List<String> above, List<Folder> found) throws IOException {
        if (above.size() > MAX_DEPTH) {
            throw new IOException(folder + " is more than " + MAX_DEPTH + " levels deep");
        }
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path entry : all) {
                entries.add(entry);
            }
        }
        if (found.size() + entries.size() > MAX_FOLDERS) {
            throw new IOException("there are more than " + MAX_FOLDERS + " files in " + root);
        }
        entries.sort(null);
        for (Path entry : entries) {
            String name = FileNames.shown(entry);
            if (name.startsWith(".") || OTHERS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith)) {
                continue;
            }
            List<String> names = new ArrayList<>(above);
            // A linked folder comes as a file, whose reading then says what it is.
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                names.add(without(without(name, BELOW), MBOX));
                find(entry, names, found);
            } else if (above.isEmpty() && (name.equalsIgnoreCase("inbox") || name.equals("mbox"))) {
                found.add(new MboxFile(entry, MailboxInfo.INBOX));
            } else {
                // Apple Mail has the messages of NAME in NAME.mbox/mbox.
                if (!name.equals("mbox") || above.isEmpty()) {
                    names.add(without(name, MBOX));
                }
                found.add(new MboxFile(entry, FolderNames.join(names)));
            }
        }
    }

    /** Whether a file or folder of that name would not stand for a folder of just that name. */
    static boolean hasEnding(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.endsWith(MBOX) || name.endsWith(BELOW) || OTHERS.stream().anyMatch(lower::endsWith);
    }

    private static String without(String name, String end) {
        return name.endsWith(end) && name.length() > end.length()
                ? name.substring(0, name.length() - end.length())
                : name;
    }

    @Override
    public Set<String> subscriptions() throws IOException {
        Set<String> names = new LinkedHashSet<>();
        for (String line : PlainFiles.lines(root.resolve(".subscriptions"), MAX_SUBSCRIPTIONS)) {
            if (!line.isBlank()) {
                names.add(FolderNames.join(List.of(line.split("/"))));
            }
        }
        return names;
    }

    private final class MboxFile implements Folder {

        private final Path file;
        private final String name;

        MboxFile(Path file, String name) {
            this.file = file;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String where() {
            return file.toString();
        }

        @Override
        public void read(Receiver receiver) throws IOException, InterruptedException {
            try (InputStream in = PlainFiles.open(file)) {
                new MboxReader(
                                where(),
                                in,
                                zone,
                                onlyOneQuote,
                                Files.getLastModifiedTime(file).toInstant(),
                                receiver)
                        .read();
            }
        }
    }
}
