package org.mailrack.transfer.internal.maildir;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.transfer.internal.PlainFiles;

/** Dovecot's file {@code dovecot-uidlist}: which file has which UID. */
final class UidList {

    static final String FILE = "dovecot-uidlist";
    private static final int MAX_LINE = 8192;

    /** Takes an entry. */
    @FunctionalInterface
    interface Visitor {
        void entry(long uid, String base) throws IOException;
    }

    private UidList() {}

    /** Visits the entries of a folder's list, if it has one; lines that make no sense are passed over. */
    static void read(Path folder, Visitor visitor) throws IOException {
        Optional<InputStream> file = PlainFiles.beside(folder.resolve(FILE), Long.MAX_VALUE);
        if (file.isEmpty()) {
            return;
        }
        try (InputStream in = new BufferedInputStream(file.get(), 64 * 1024)) {
            boolean header = true;
            StringBuilder line = new StringBuilder();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                if (octet != '\n') {
                    if (line.length() < MAX_LINE) {
                        line.append((char) octet);
                    }
                    continue;
                }
                if (!header && line.length() < MAX_LINE) {
                    entry(line.toString(), visitor);
                }
                header = false;
                line.setLength(0);
            }
        }
    }

    /** Version 3: {@code UID [KEY VALUE]… :NAME}, version 1: {@code UID NAME}. */
    private static void entry(String line, Visitor visitor) throws IOException {
        int space = line.indexOf(' ');
        if (space < 1 || space > 10 || !line.substring(0, space).matches("[0-9]+")) {
            return;
        }
        int colon = line.indexOf(" :", space);
        String name = line.substring(colon < 0 ? space + 1 : colon + 2);
        if (!name.isEmpty()) {
            visitor.entry(
                    Long.parseLong(line.substring(0, space)),
                    MaildirName.parse(name).base());
        }
    }

    /** Begins a list of version 3, so that Dovecot goes on with the same UIDs. */
    static void writeHeader(Writer writer, MailboxInfo mailbox) throws IOException {
        SecureRandom random = new SecureRandom();
        writer.write(String.format(
                Locale.ROOT,
                "3 V%d N%d G%016x%016x\n",
                mailbox.uidValidity(),
                mailbox.uidNext(),
                random.nextLong(),
                random.nextLong()));
    }

    static void writeEntry(Writer writer, long uid, String base) throws IOException {
        writer.write(uid + " :" + base + '\n');
    }
}
