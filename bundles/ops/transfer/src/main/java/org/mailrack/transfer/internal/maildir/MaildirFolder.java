package org.mailrack.transfer.internal.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.mailrack.transfer.internal.FileNames;
import org.mailrack.transfer.internal.LineSorter;
import org.mailrack.transfer.internal.MailSource;
import org.mailrack.transfer.internal.PlainFiles;
import org.mailrack.transfer.internal.Reasons;

/**
 * One folder of a Maildir. Its messages come in the order of their UIDs if the folder has a list of them, those that are not in it
 * after these, by time. Names are sorted outside the memory, because a folder may have a million of them.
 */
final class MaildirFolder implements MailSource.Folder {

    static final String CUR = "cur";
    static final String NEW = "new";

    private static final char BREAK = '\0';
    /** Sorts a list's entry before the file that it is for. */
    private static final char ENTRY = '1';

    private static final char FILE = '2';

    private final Path folder;
    private final String name;
    private final Path temporary;
    private final int sortMemory;
    private final byte[] buffer = new byte[64 * 1024];

    MaildirFolder(Path folder, String name, Path temporary, int sortMemory) {
        this.folder = folder;
        this.name = name;
        this.temporary = temporary;
        this.sortMemory = sortMemory;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String where() {
        return folder.toString();
    }

    @Override
    public void read(MailSource.Receiver receiver) throws IOException, InterruptedException {
        if (Files.isSymbolicLink(folder)) {
            throw new FileSystemException(folder.toString(), null, "it is a symbolic link");
        }
        KeywordLetters keywords = KeywordLetters.read(folder);
        // Two sorters share what may be used.
        try (LineSorter byName = new LineSorter(temporary, sortMemory / 2);
                LineSorter inOrder = new LineSorter(temporary, sortMemory / 2)) {
            UidList.read(folder, (uid, base) -> byName.add(base + BREAK + ENTRY + uid));
            for (String sub : List.of(NEW, CUR)) {
                list(sub, byName);
            }
            order(byName, inOrder);
            inOrder.visit(line -> {
                String file = line.substring(line.indexOf(BREAK) + 1);
                message(file.substring(0, CUR.length()), file.substring(CUR.length() + 1), keywords, receiver);
            });
        }
    }

    private void list(String sub, LineSorter names) throws IOException {
        Path path = folder.resolve(sub);
        if (Files.isSymbolicLink(path)) {
            throw new FileSystemException(path.toString(), null, sub + " is a symbolic link");
        }
        if (!Files.isDirectory(path)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                String text = FileNames.of(file);
                if (!text.startsWith(".")) {
                    names.add(MaildirName.parse(text).base() + BREAK + FILE + sub + '/' + text);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Puts the number from the list before the file's name, or what sorts by time when there is none. */
    private static void order(LineSorter byName, LineSorter inOrder) throws IOException, InterruptedException {
        String[] entry = {"", ""};
        byName.visit(line -> {
            int end = line.indexOf(BREAK);
            String base = line.substring(0, end);
            String rest = line.substring(end + 2);
            if (line.charAt(end + 1) == ENTRY) {
                entry[0] = base;
                entry[1] = rest;
                return;
            }
            long uid = base.equals(entry[0]) ? Long.parseLong(entry[1]) : Long.MAX_VALUE;
            long time =
                    MaildirName.parse(base).time().map(Instant::getEpochSecond).orElse(0L);
            inOrder.add(String.format(Locale.ROOT, "%019d.%011d.%s%c%s", uid, time, base, BREAK, rest));
        });
    }

    private void message(String sub, String text, KeywordLetters keywords, MailSource.Receiver receiver)
            throws InterruptedException {
        Path file = FileNames.in(folder.resolve(sub), text);
        MaildirName parsed = MaildirName.parse(text);
        MailSource.Draft draft = receiver.begin(parsed.unique());
        try (draft) {
            BasicFileAttributes attributes = PlainFiles.attributes(file);
            read(file, draft);
            draft.end(
                    file.toString(),
                    parsed.flags(keywords),
                    date(parsed, attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException e) {
            receiver.skipped(file.toString(), "it was moved or removed meanwhile; the next import finds it");
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("the import was cancelled");
            }
            receiver.skipped(file.toString(), Reasons.of(e));
        }
    }

    private void read(Path file, MailSource.Draft draft) throws IOException {
        try (InputStream in = PlainFiles.open(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                draft.write(buffer, 0, count);
            }
        }
    }

    /**
     * The internal date: Dovecot has it in the file's time, which is not after that in the name unless the file was copied without
     * its time.
     */
    private static Instant date(MaildirName name, Instant modified) {
        return name.time()
                .filter(time -> time.getEpochSecond() < modified.getEpochSecond())
                .orElse(modified);
    }
}
