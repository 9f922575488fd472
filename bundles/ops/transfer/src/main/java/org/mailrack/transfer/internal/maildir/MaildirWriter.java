package org.mailrack.transfer.internal.maildir;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Locale;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.mailbox.MessageRow;
import org.mailrack.transfer.internal.MailTarget;

/**
 * Writes a folder's messages, each to {@code tmp} first. The name of a file depends on the message alone, so that the same message
 * is the same in two exports. Line ends are LF, as other programs have them in a Maildir.
 */
final class MaildirWriter implements MailTarget.Folder {

    private static final String TMP = "tmp";

    private final Path folder;
    private final Path tmp;
    private final Path cur;
    private final String host;
    private final MailboxInfo mailbox;
    private final KeywordLetters letters;
    private final List<String> leftOut;
    private final BufferedWriter uids;
    private final byte[] buffer = new byte[64 * 1024];

    MaildirWriter(Path folder, String host, MailboxInfo mailbox, List<String> keywords) throws IOException {
        this.folder = folder;
        this.tmp = folder.resolve(TMP);
        this.cur = folder.resolve(MaildirFolder.CUR);
        this.host = host;
        this.mailbox = mailbox;
        this.letters = KeywordLetters.of(keywords);
        this.leftOut = KeywordLetters.leftOut(keywords);
        this.uids = Files.newBufferedWriter(
                folder.resolve(UidList.FILE), StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
        UidList.writeHeader(uids, mailbox);
    }

    static void makeFolders(Path folder) throws IOException {
        for (String sub : List.of(MaildirFolder.CUR, MaildirFolder.NEW, TMP)) {
            Files.createDirectories(folder.resolve(sub));
        }
    }

    @Override
    public void add(MessageRow row, InputStream octets) throws IOException {
        String unique = String.format(
                Locale.ROOT,
                "%d.V%xI%x.%s",
                Math.max(0, row.internalDate().getEpochSecond()),
                mailbox.uidValidity(),
                row.uid(),
                host);
        Path file = tmp.resolve(unique);
        String base;
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), buffer.length)) {
            base = unique + copy(octets, out);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        Files.setLastModifiedTime(file, FileTime.from(row.internalDate()));
        Files.move(file, cur.resolve(base + MaildirName.info(row.flags(), letters)), StandardCopyOption.ATOMIC_MOVE);
        UidList.writeEntry(uids, row.uid(), base);
    }

    /** Copies with CRLF as LF; returns the sizes as a name has them: of the file, and with every line end as CRLF. */
    private String copy(InputStream in, OutputStream out) throws IOException {
        long size = 0;
        long crlfs = 0;
        boolean heldCr = false;
        boolean afterCr = false;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            for (int i = 0; i < count; i++) {
                byte octet = buffer[i];
                if (heldCr && octet != '\n') {
                    out.write('\r');
                    size++;
                    afterCr = true;
                }
                heldCr = octet == '\r';
                if (!heldCr) {
                    out.write(octet);
                    size++;
                    crlfs += octet == '\n' && !afterCr ? 1 : 0;
                    afterCr = false;
                }
            }
        }
        if (heldCr) {
            out.write('\r');
            size++;
        }
        return ",S=" + size + ",W=" + (size + crlfs);
    }

    @Override
    public List<String> leftOut() {
        return leftOut;
    }

    @Override
    public void close() throws IOException {
        try (uids) {
            letters.write(folder);
        }
    }
}
