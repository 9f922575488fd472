package org.mailrack.transfer.internal.mbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.transfer.internal.FolderNames;
import org.mailrack.transfer.internal.MailTarget;

/**
 * A folder of mbox files, or one file. {@code A/B} is the file B in the folder A, as Dovecot has it; when A has messages too, it is
 * the file A, and B is in {@code A.sbd}, as Thunderbird has it.
 */
public final class MboxTarget implements MailTarget {

    private final Path path;
    private final boolean single;
    private final Set<String> withMessages;

    /**
     * A target.
     *
     * @param path what to make
     * @param single whether it is the file of the one folder that is exported
     * @param withMessages the folders that are not empty
     */
    public MboxTarget(Path path, boolean single, Set<String> withMessages) {
        this.path = path;
        this.single = single;
        this.withMessages = withMessages;
    }

    @Override
    public Folder folder(MailboxInfo mailbox, List<String> keywords) throws IOException {
        Optional<Path> file = single ? Optional.of(path) : file(mailbox.name());
        if (file.isEmpty()) {
            return new MboxWriter.Nothing();
        }
        Files.createDirectories(file.get().toAbsolutePath().getParent());
        return new MboxWriter(
                Files.newByteChannel(file.get(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                mailbox,
                keywords);
    }

    /** Where the folder goes; nowhere when it is empty and there are others below it. */
    private Optional<Path> file(String name) {
        boolean messages = withMessages.contains(name);
        boolean parent = withMessages.stream().anyMatch(other -> other.startsWith(name + MailboxInfo.SEPARATOR));
        if (!messages && parent) {
            return Optional.empty();
        }
        String[] levels = name.split(String.valueOf(MailboxInfo.SEPARATOR));
        Path at = path;
        StringBuilder above = new StringBuilder();
        for (String level : Arrays.copyOf(levels, levels.length - 1)) {
            above.append(above.length() == 0 ? "" : MailboxInfo.SEPARATOR).append(level);
            at = at.resolve(
                    FolderNames.fitting(encode(level) + (withMessages.contains(above.toString()) ? ".sbd" : "")));
        }
        return Optional.of(at.resolve(FolderNames.fitting(encode(levels[levels.length - 1]))));
    }

    /** A name that begins with a dot, or ends as files of another kind do, would be passed over by those who look for folders. */
    private static String encode(String level) {
        String name = FolderNames.encode(level, "/\\");
        int dot = name.startsWith(".") ? 0 : MboxSource.hasEnding(name) ? name.lastIndexOf('.') : -1;
        return dot < 0 ? name : name.substring(0, dot) + "\\2e" + name.substring(dot + 1);
    }

    @Override
    public void subscriptions(Set<String> names) throws IOException {
        if (single) {
            return;
        }
        Files.createDirectories(path);
        String lines = names.stream()
                .sorted()
                .map(name ->
                        Arrays.stream(name.split("/")).map(MboxTarget::encode).collect(Collectors.joining("/")))
                .map(line -> line + '\n')
                .collect(Collectors.joining());
        Files.writeString(path.resolve(".subscriptions"), lines, StandardCharsets.US_ASCII);
    }
}
