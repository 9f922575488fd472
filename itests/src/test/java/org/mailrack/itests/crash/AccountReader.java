package org.mailrack.itests.crash;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPMessage;

import org.mailrack.itests.rack.Clients;

/** Reads a whole account on a fresh connection, with Angus Mail. */
final class AccountReader {

    private static final java.util.Map<Flags.Flag, String> SYSTEM = java.util.Map.of(
            Flags.Flag.ANSWERED, "\\Answered",
            Flags.Flag.DELETED, "\\Deleted",
            Flags.Flag.DRAFT, "\\Draft",
            Flags.Flag.FLAGGED, "\\Flagged",
            Flags.Flag.SEEN, "\\Seen");

    private AccountReader() {}

    /**
     * Reads it.
     *
     * @param whole of which mails every octet is compared, by their names
     * @param problem is told of octets that are not what was sent
     */
    static Actual read(int port, String account, Predicate<String> whole, Consumer<String> problem)
            throws MessagingException, IOException {
        SortedMap<String, Actual.Folder> folders = new TreeMap<>();
        try (Store store = Clients.imap(port, account, Load.PASSWORD)) {
            for (Folder folder : store.getDefaultFolder().list("*")) {
                folders.put(
                        folder.getFullName(),
                        read((IMAPFolder) folder, whole, what -> problem.accept(account + ' ' + folder + ": " + what)));
            }
        }
        return new Actual(folders);
    }

    private static Actual.Folder read(IMAPFolder folder, Predicate<String> whole, Consumer<String> problem)
            throws MessagingException, IOException {
        folder.open(Folder.READ_ONLY);
        try {
            Message[] messages = folder.getMessages();
            FetchProfile profile = new FetchProfile();
            profile.add(UIDFolder.FetchProfileItem.UID);
            profile.add(FetchProfile.Item.FLAGS);
            profile.add(LoadMail.FIELD);
            folder.fetch(messages, profile);
            TreeMap<Long, Actual.Message> found = new TreeMap<>();
            for (Message message : messages) {
                String[] name = message.getHeader(LoadMail.FIELD);
                LoadMail mail = name == null
                        ? new LoadMail("no-name", 0)
                        : LoadMail.named(LoadMail.FIELD + ": " + name[0]).orElseThrow();
                long uid = folder.getUID(message);
                found.put(uid, new Actual.Message(mail.token(), flags(message.getFlags())));
                if (whole.test(mail.token())) {
                    compare(
                            mail,
                            (IMAPMessage) message,
                            what -> problem.accept("UID " + uid + ", " + mail + ", " + what));
                }
            }
            return new Actual.Folder(folder.getUIDValidity(), folder.getUIDNext(), found);
        } finally {
            folder.close(false);
        }
    }

    private static void compare(LoadMail mail, IMAPMessage message, Consumer<String> problem) {
        try (InputStream stored = message.getMimeStream()) {
            byte[] octets = stored.readAllBytes();
            if (!mail.isIn(octets)) {
                problem.accept("has other octets than were sent, " + octets.length + " of them");
            }
        } catch (MessagingException | IOException e) {
            problem.accept("cannot be read: " + e);
        }
    }

    private static Set<String> flags(Flags flags) {
        Set<String> names = new TreeSet<>(Set.of(flags.getUserFlags()));
        for (Flags.Flag flag : flags.getSystemFlags()) {
            if (SYSTEM.containsKey(flag)) {
                names.add(SYSTEM.get(flag));
            }
        }
        return names;
    }
}
