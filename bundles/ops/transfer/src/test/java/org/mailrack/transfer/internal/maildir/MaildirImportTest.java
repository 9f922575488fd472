package org.mailrack.transfer.internal.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.mailrack.transfer.internal.Rig.ALICE;
import static org.mailrack.transfer.internal.Rig.NOON;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.transfer.internal.Rig;

/** A Maildir as Dovecot and Courier document it, laid out by hand. */
class MaildirImportTest {

    @TempDir
    Path temp;

    private Rig rig;
    private Path maildir;

    @BeforeEach
    void make() throws Exception {
        rig = new Rig(temp);
        maildir = folder("");
    }

    private Path folder(String name) throws IOException {
        Path folder = temp.resolve("Maildir").resolve(name);
        for (String sub : List.of("cur", "new", "tmp")) {
            Files.createDirectories(folder.resolve(sub));
        }
        return folder;
    }

    private static void file(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        Files.setLastModifiedTime(file, FileTime.from(NOON));
    }

    @Test
    void flagsKeywordsFoldersAndSubscriptionsComeAlong() throws Exception {
        Files.writeString(maildir.resolve("dovecot-keywords"), "0 Junk\n1 $MDNSent\nnonsense\n99 x\n");
        file(maildir, "cur/1749000001.M1P1.host,S=17,W=20:2,FRSab", "Subject: 1\n\nx\n");
        file(maildir, "cur/1749000002.M1P1.host,S=99999,W=-1:2,DPTz", "Subject: 2\n\nx\n");
        file(maildir, "new/1749000003.M1P1.host", "Subject: 3\r\n\r\nx\r\n");
        file(folder(".Entw&APw-rfe"), "cur/1.host:2,", "Subject: d\n\n");
        file(folder(".Work.2024.Q1\\2e5"), "cur/1.host:2,S", "Subject: q\n\n");
        Files.createDirectories(maildir.resolve(".no-folder"));
        Files.writeString(maildir.resolve("subscriptions"), "Entw&APw-rfe\nWork.2024.Q1\\2e5\n");
        assertThat(rig.imports("maildir", ALICE, "Maildir"))
                .asInstanceOf(list(Map.class))
                .first()
                .hasToString("{mailbox=INBOX, imported=3, present=0, skipped=0}");
        assertThat(rig.messages(ALICE, "INBOX"))
                .extracting(Rig.Told::flags)
                .containsExactly("\\Answered \\Flagged \\Seen $MDNSent Junk", "\\Deleted \\Draft $Forwarded", "");
        assertThat(rig.texts(ALICE, "INBOX"))
                .containsExactly("Subject: 1\r\n\r\nx\r\n", "Subject: 2\r\n\r\nx\r\n", "Subject: 3\r\n\r\nx\r\n");
        assertThat(rig.texts(ALICE, "Entwürfe")).containsExactly("Subject: d\r\n\r\n");
        assertThat(rig.texts(ALICE, "Work/2024/Q1.5")).containsExactly("Subject: q\r\n\r\n");
        assertThat(rig.mailboxes.subscriptions(ALICE)).contains("Entwürfe", "Work/2024/Q1.5");
        assertThat(rig.told()).contains("INBOX: 3 imported, 0 there already, 0 passed over, ");
    }

    @Test
    void subscriptionsOfVersion2AreSeparatedByTabs() throws Exception {
        Files.writeString(maildir.resolve("subscriptions"), "V\t2\n\nWork\t2024\nEntw&APw-rfe\n");
        rig.imports("maildir", ALICE, "Maildir");
        assertThat(rig.mailboxes.subscriptions(ALICE)).contains("Work/2024", "Entwürfe");
    }

    @Test
    void theOrderIsThatOfDovecotsListAndThenOfTime() throws Exception {
        for (String name : List.of("1749000005.a", "1749000001.b,S=3", "999.c", "1749000003.d", "other")) {
            file(maildir, "cur/" + name + ":2,S", "Subject: " + name + "\n\n");
        }
        Files.writeString(
                maildir.resolve("dovecot-uidlist"),
                "3 V1749000000 N12 G0123456789abcdef0123456789abcdef\n"
                        + "2 W20 :1749000005.a\n10 :1749000001.b,S=3\nnonsense\n11 :gone\n"
                        + "3 S1 W2 :1749000003.d:2,RS\n99999999999999999999 :x\n");
        rig.imports("maildir", ALICE, "Maildir");
        assertThat(rig.texts(ALICE, "INBOX"))
                .extracting(text -> text.strip().substring(9))
                .containsExactly("1749000005.a", "1749000003.d", "1749000001.b,S=3", "other", "999.c");
    }

    @Test
    void listsOfVersion1AreReadToo() throws Exception {
        file(maildir, "cur/1.a:2,", "Subject: a\n\n");
        file(maildir, "cur/2.b:2,", "Subject: b\n\n");
        Files.writeString(maildir.resolve("dovecot-uidlist"), "1 1749000000 8\n5 2.b\n7 1.a:2,S\n");
        rig.imports("maildir", ALICE, "Maildir");
        assertThat(rig.texts(ALICE, "INBOX")).containsExactly("Subject: b\r\n\r\n", "Subject: a\r\n\r\n");
    }

    @Test
    void manyNamesAreSortedWithoutHoldingThem() throws Exception {
        StringBuilder uids = new StringBuilder("3 V1 N500 Gx\n");
        for (int i = 0; i < 400; i++) {
            file(maildir, "cur/" + (i * 7919 % 400) + ".host.example.org:2,S", "Subject: " + i * 7919 % 400 + "\n\n");
            uids.append(400 - i).append(" :").append(i).append(".host.example.org\n");
        }
        Files.writeString(maildir.resolve("dovecot-uidlist"), uids);
        rig.imports("maildir", ALICE, "Maildir");
        List<String> texts = rig.texts(ALICE, "INBOX");
        assertThat(texts).hasSize(400).startsWith("Subject: 399\r\n\r\n").endsWith("Subject: 0\r\n\r\n");
        try (var left = Files.list(temp.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theInternalDateIsTheFilesTimeUnlessItWasLostInACopy() throws Exception {
        file(maildir, "cur/1749000001.later:2,", "Subject: appended with a date of its own\n\n");
        Files.setLastModifiedTime(
                maildir.resolve("cur/1749000001.later:2,"), FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        file(maildir, "cur/1700000000.copied:2,", "Subject: copied\n\n");
        file(maildir, "cur/none:2,", "Subject: none\n\n");
        rig.imports("maildir", ALICE, "Maildir");
        assertThat(rig.messages(ALICE, "INBOX"))
                .extracting(Rig.Told::date)
                .containsExactly(NOON, Instant.ofEpochSecond(1700000000), Instant.parse("2001-02-03T04:05:06Z"));
    }

    @Test
    void aSecondImportAddsWhatIsNewAndDoublesNothingWhateverFlagsAndSizesTheNamesHaveNow() throws Exception {
        file(maildir, "new/1.a", "Subject: same\n\n");
        file(maildir, "cur/2.b:2,", "Subject: same\n\n");
        rig.imports("maildir", ALICE, "Maildir");
        assertThat(rig.texts(ALICE, "INBOX")).as("two files are two messages").hasSize(2);
        int written = rig.contents.size();
        Files.move(maildir.resolve("new/1.a"), maildir.resolve("cur/1.a,S=16,W=18:2,S"));
        file(maildir, "new/3.c", "Subject: new\n\n");
        assertThat(rig.imports("maildir", ALICE, "Maildir"))
                .asInstanceOf(list(Map.class))
                .first()
                .hasToString("{mailbox=INBOX, imported=1, present=2, skipped=0}");
        assertThat(rig.texts(ALICE, "INBOX")).hasSize(3);
        assertThat(rig.contents.size()).as("nothing is written again").isEqualTo(written + 1);
    }

    @Test
    void filesOfTheSameNameWithOtherContentsAreOtherMessages() throws Exception {
        file(maildir, "cur/1:2,", "Subject: of one\n\n");
        rig.imports("maildir", ALICE, "Maildir");
        file(maildir, "cur/1:2,", "Subject: of another\n\n");
        rig.imports("maildir", ALICE, "Maildir");
        assertThat(rig.texts(ALICE, "INBOX")).hasSize(2);
    }

    @Test
    void whatCannotBeReadIsNamedAndTheRestComesIn() throws Exception {
        file(maildir, "cur/1.a:2,", "Subject: a\n\n");
        Files.createDirectories(maildir.resolve("cur/2.folder:2,"));
        Files.createSymbolicLink(maildir.resolve("cur/3.gone:2,"), maildir.resolve("cur/nowhere"));
        file(maildir, "cur/4.large:2,", "x".repeat((1 << 20) + 1));
        file(maildir, "cur/.hidden", "no message");
        file(maildir, "cur/5.e:2,", "Subject: e\n\n");
        file(folder(".a..b"), "cur/1:2,", "Subject: x\n\n");
        assertThatThrownBy(() -> rig.imports("maildir", ALICE, "Maildir"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 messages were imported, and 4 things were passed over");
        assertThat(rig.texts(ALICE, "INBOX")).containsExactly("Subject: a\r\n\r\n", "Subject: e\r\n\r\n");
        assertThat(rig.told())
                .contains("cur/2.folder:2,: it is no file")
                .contains("cur/3.gone:2,: it is a symbolic link")
                .contains("cur/4.large:2,: it has 1,048,577 octets, more than the setting max.message.size")
                .contains(".a..b: a mailbox name has no empty level");
    }

    @Test
    void aFolderThatIsNoMaildirIsRefused() {
        assertThatThrownBy(() -> rig.imports("maildir", ALICE, "tmp"))
                .hasMessage("cannot read " + temp.resolve("tmp") + ": no such file");
        assertThatThrownBy(() -> rig.imports("maildir", ALICE, "."))
                .hasMessageEndingWith("it is no Maildir: it has neither cur nor new");
    }

    @Test
    void linksAreNotFollowedAndSaidAndTheRestComes() throws Exception {
        Path secret = Files.writeString(temp.resolve("secret"), "1 secret\n");
        Path others = temp.resolve("others");
        Files.createDirectories(others.resolve("cur"));
        file(others, "cur/1.host:2,", "Subject: somebody else's\n\n");
        file(maildir, "cur/1.host:2,b", "Subject: mine\n\n");
        Files.createSymbolicLink(maildir.resolve("cur/2.host:2,"), secret);
        Files.createSymbolicLink(maildir.resolve("dovecot-keywords"), secret);
        Files.createSymbolicLink(maildir.resolve("dovecot-uidlist"), secret);
        Files.createSymbolicLink(maildir.resolve("subscriptions"), secret);
        Files.createSymbolicLink(maildir.resolve(".Linked"), others);
        Files.createSymbolicLink(
                Files.createDirectories(maildir.resolve(".Half")).resolve("cur"), others.resolve("cur"));
        assertThatThrownBy(() -> rig.imports("maildir", ALICE, "Maildir"))
                .hasMessage("1 messages were imported, and 3 things were passed over");
        assertThat(rig.told())
                .contains("passed over " + maildir.resolve("cur/2.host:2,") + ": it is a symbolic link")
                .contains("passed over the rest of " + maildir.resolve(".Linked") + ": it is a symbolic link")
                .contains("passed over the rest of " + maildir.resolve(".Half") + ": cur is a symbolic link");
        assertThat(rig.messages(ALICE, "INBOX"))
                .extracting(Rig.Told::text, Rig.Told::flags)
                .containsExactly(tuple("Subject: mine\r\n\r\n", ""));
        assertThat(rig.texts(ALICE, "Linked")).isEmpty();
        assertThat(rig.texts(ALICE, "Half")).isEmpty();
        assertThat(rig.mailboxes.subscriptions(ALICE)).doesNotContain("1 secret");
    }

    @Test
    void theMaildirThatTheOperatorNamesMayBeALink() throws Exception {
        file(maildir, "cur/1.host:2,", "Subject: mine\n\n");
        Files.createSymbolicLink(temp.resolve("named"), maildir);
        rig.imports("maildir", ALICE, "named");
        assertThat(rig.texts(ALICE, "INBOX")).containsExactly("Subject: mine\r\n\r\n");
    }

    @Test
    void namesOfFoldersAreNamesAndNoPaths() throws Exception {
        file(folder(".\\2e\\2e.a\\2fb"), "cur/1.host:2,", "Subject: u\n\n");
        Files.writeString(maildir.resolve("subscriptions"), "..\n\\2e\\2e\n\u0000\n");
        assertThatThrownBy(() -> rig.imports("maildir", ALICE, "Maildir"))
                .hasMessageStartingWith("1 messages were imported, and ");
        assertThat(rig.texts(ALICE, "../a_b")).containsExactly("Subject: u\r\n\r\n");
    }
}
