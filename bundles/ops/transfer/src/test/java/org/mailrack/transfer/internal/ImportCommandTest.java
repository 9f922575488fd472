package org.mailrack.transfer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.mailrack.transfer.internal.Rig.ALICE;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.store.StoreException;

class ImportCommandTest {

    private static final String FROM = "From alice@crepes.fr Sun Jun  1 12:00:00 2025\n";

    @TempDir
    Path temp;

    private Rig rig;

    @BeforeEach
    void make() {
        rig = new Rig(temp);
    }

    private void mbox(String file, String... messages) throws Exception {
        Path path = temp.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(
                path,
                messages.length == 0 ? "" : FROM + String.join("\n" + FROM, messages) + "\n",
                StandardCharsets.ISO_8859_1);
    }

    @Test
    void anMboxFileGoesToInboxOrWhereItIsSent() throws Exception {
        mbox("archive", "Subject: 1\n\nx\n", "Subject: 2\n\nx\n");
        rig.imports("mbox", "Alice@Crepes.FR", "archive");
        rig.imports("mbox", ALICE, temp.resolve("archive").toString(), "--into", "Old/2024");
        assertThat(rig.texts(ALICE, "INBOX")).containsExactly("Subject: 1\r\n\r\nx\r\n", "Subject: 2\r\n\r\nx\r\n");
        assertThat(rig.texts(ALICE, "Old/2024")).hasSize(2);
    }

    @Test
    void equalMessagesInOneFileAreAllImportedAndOnlyOnce() throws Exception {
        mbox("archive", "Subject: same\n\n", "Subject: same\n\n", "Subject: other\n\n", "Subject: same\n\n");
        rig.imports("mbox", ALICE, "archive");
        assertThat(rig.texts(ALICE, "INBOX")).hasSize(4);
        // The file has grown, and another program has noted flags in it.
        mbox("archive", "Status: RO\nSubject: same\n\n", "Subject: same\n\n", "Subject: same\n\n", "Subject: same\n\n");
        assertThat(rig.imports("mbox", ALICE, "archive"))
                .asInstanceOf(list(Map.class))
                .first()
                .hasToString("{mailbox=INBOX, imported=1, present=3, skipped=0}");
        assertThat(rig.texts(ALICE, "INBOX")).hasSize(5);
    }

    @Test
    void aTreeOfMboxFilesIsATreeOfMailboxes() throws Exception {
        mbox("mail/inbox", "Subject: in\n\n");
        mbox("mail/Sent", "Subject: s\n\n");
        mbox("mail/Sent.sbd/Entw&APw-rfe", "Subject: t\n\n");
        mbox("mail/Work/2024", "Subject: w\n\n");
        mbox("mail/Apple.mbox/mbox", "Subject: a\n\n");
        mbox("mail/Empty");
        Files.writeString(temp.resolve("mail/Sent.msf"), "// <!-- <mdb:mork:z -->");
        Files.writeString(temp.resolve("mail/.subscriptions"), "Work/2024\n");
        rig.imports("mbox", ALICE, "mail");
        assertThat(rig.names(ALICE))
                .contains("INBOX", "Sent", "Sent/Entwürfe", "Work", "Work/2024", "Apple", "Empty")
                .doesNotContain("mbox", "Sent.msf", "inbox");
        assertThat(rig.texts(ALICE, "Sent/Entwürfe")).containsExactly("Subject: t\r\n\r\n");
        assertThat(rig.texts(ALICE, "Apple")).containsExactly("Subject: a\r\n\r\n");
        assertThat(rig.mailboxes.subscriptions(ALICE)).contains("Work/2024");
    }

    @Test
    void onlyTheFoldersThatAreNamedComeIn() throws Exception {
        mbox("mail/inbox", "Subject: in\n\n");
        mbox("mail/Sent", "Subject: s\n\n");
        rig.imports("mbox", ALICE, "mail", "--folder", "Sent", "--into", "Old");
        assertThat(rig.texts(ALICE, "Old/Sent")).hasSize(1);
        assertThat(rig.texts(ALICE, "INBOX")).isEmpty();
        assertThatThrownBy(() -> rig.imports("mbox", ALICE, "mail", "--folder", "Nope"))
                .hasMessage("there is no folder Nope; there are: INBOX, Sent");
    }

    @Test
    void aFileThatIsNoMboxIsNamedAndTheOthersComeIn() throws Exception {
        mbox("mail/inbox", "Subject: in\n\n");
        Files.writeString(temp.resolve("mail/notes"), "just text\n");
        assertThatThrownBy(() -> rig.imports("mbox", ALICE, "mail"))
                .hasMessage("1 messages were imported, and 1 things were passed over");
        assertThat(rig.told()).contains("mail/notes: it is no mbox file");
    }

    @Test
    void datesAreInTheZoneThatIsGiven() throws Exception {
        mbox("archive", "Subject: 1\n\n");
        rig.imports("mbox", ALICE, "archive", "--zone", "Europe/Paris");
        assertThat(rig.messages(ALICE, "INBOX").get(0).date()).isEqualTo(Instant.parse("2025-06-01T10:00:00Z"));
        assertThatThrownBy(() -> rig.imports("mbox", ALICE, "archive", "--zone", "Nowhere"))
                .hasMessageStartingWith("Nowhere is no time zone");
    }

    @Test
    void lineEndsBecomeCrlfAndNulBecomesAnotherOctet() throws Exception {
        mbox("archive", "Subject: 1\r\n\nlf\ncr\rcrlf\r\n\0\n");
        rig.imports("mbox", ALICE, "archive");
        assertThat(rig.texts(ALICE, "INBOX")).containsExactly("Subject: 1\r\n\r\nlf\r\ncr\r\ncrlf\r\n\u0080\r\n");
    }

    @Test
    void aKeywordThatImapDoesNotAllowIsLeftOutAndSaid() throws Exception {
        mbox("archive", "X-Keywords: ok (bad) \\Seen é $Ok*\nSubject: 1\n\n");
        rig.imports("mbox", ALICE, "archive");
        assertThat(rig.messages(ALICE, "INBOX").get(0).flags()).isEqualTo("ok");
        assertThat(rig.told()).contains("message 1 at octet 0 of ").contains("a keyword that IMAP does not allow");
    }

    @Test
    void anImportThatTheStoreEndsGoesOnWhenItIsGivenAgain() throws Exception {
        String[] messages = new String[10];
        for (int i = 0; i < 10; i++) {
            messages[i] = "Subject: " + i + "\n\n";
        }
        mbox("archive", messages);
        rig.imports("mbox", ALICE, "archive", "--into", "Other");
        mbox("archive", java.util.Arrays.copyOf(messages, 4));
        rig.imports("mbox", ALICE, "archive");
        mbox("archive", messages);
        rig.contents.failWith(StoreException.Kind.NO_SPACE);
        assertThatThrownBy(() -> rig.imports("mbox", ALICE, "archive"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the import stopped after 0 new messages: ")
                .hasMessageEndingWith("give the same command again to go on");
        rig.contents.failWith(null);
        rig.imports("mbox", ALICE, "archive");
        assertThat(rig.texts(ALICE, "INBOX"))
                .containsExactlyElementsOf(List.of(messages).stream()
                        .map(text -> text.replace("\n", "\r\n"))
                        .toList());
    }

    @Test
    void aCancelledImportEnds() throws Exception {
        mbox("archive", "Subject: 1\n\n");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> rig.imports("mbox", ALICE, "archive")).isInstanceOf(InterruptedException.class);
        assertThat(rig.texts(ALICE, "INBOX")).isEmpty();
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        mbox("archive", "Subject: 1\n\n");
        for (String[] words : new String[][] {
            {},
            {"mbox", ALICE},
            {"mh", ALICE, "archive"},
            {"mbox", ALICE, "archive", "more"},
            {"mbox", ALICE, "archive", "--into"},
            {"mbox", ALICE, "archive", "--nope", "x"},
            {"mbox", ALICE, "archive", "--quoting", "x"},
            {"maildir", ALICE, "archive", "--zone", "Z"}
        }) {
            assertThatThrownBy(() -> rig.imports(words))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("usage: import maildir|mbox ACCOUNT PATH");
        }
        assertThatThrownBy(() -> rig.imports("mbox", "nobody@crepes.fr", "archive"))
                .hasMessage("there is no account nobody@crepes.fr");
        assertThatThrownBy(() -> rig.imports("mbox", ALICE, "nothing"))
                .hasMessage("cannot read " + temp.resolve("nothing") + ": no such file");
    }

    @Test
    void aLineOfAGibibyteIsReadInPiecesAndPassedOver() throws Exception {
        mbox("archive", "Subject: before\n\n");
        try (RandomAccessFile file =
                new RandomAccessFile(temp.resolve("archive").toFile(), "rw")) {
            file.seek(file.length());
            file.write((FROM + "Subject: long\n\n").getBytes(StandardCharsets.US_ASCII));
            file.seek(file.length() + (1L << 30));
            file.write(("\n\n" + FROM + "Subject: after\n\n\n").getBytes(StandardCharsets.US_ASCII));
        }
        assertThatThrownBy(() -> rig.imports("mbox", ALICE, "archive"))
                .hasMessage("2 messages were imported, and 1 things were passed over");
        assertThat(rig.told()).contains(": it has 1,073,741,").contains("the setting max.message.size");
        assertThat(rig.texts(ALICE, "INBOX")).containsExactly("Subject: before\r\n\r\n", "Subject: after\r\n\r\n");
    }

    @Test
    void linksAmongMboxFilesAreNotFollowedAndSaidAndTheRestComes() throws Exception {
        mbox("secret/others", "Subject: somebody else's\n\n");
        mbox("mail/mine", "Subject: mine\n\n");
        Files.createSymbolicLink(temp.resolve("mail/file"), temp.resolve("secret/others"));
        Files.createSymbolicLink(temp.resolve("mail/folder"), temp.resolve("secret"));
        Files.createSymbolicLink(temp.resolve("mail/round"), temp.resolve("mail"));
        assertThatThrownBy(() -> rig.imports("mbox", ALICE, "mail"))
                .hasMessage("1 messages were imported, and 3 things were passed over");
        assertThat(rig.told())
                .contains("passed over the rest of " + temp.resolve("mail/folder") + ": it is a symbolic link");
        assertThat(rig.texts(ALICE, "mine")).containsExactly("Subject: mine\r\n\r\n");
        assertThat(rig.texts(ALICE, "file")).isEmpty();
    }
}
