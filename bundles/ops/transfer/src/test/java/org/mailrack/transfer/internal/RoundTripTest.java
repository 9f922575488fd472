package org.mailrack.transfer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.mailrack.transfer.internal.Rig.ALICE;
import static org.mailrack.transfer.internal.Rig.BOB;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mailrack.api.mail.ContentRef;
import org.mailrack.api.mailbox.Mailbox;

/** What is exported is what other programs expect, and comes in again as it was. */
class RoundTripTest {

    @TempDir
    Path temp;

    private Rig rig;

    @BeforeEach
    void make() {
        rig = new Rig(temp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mailboxesComeBackWithOctetsFlagsDatesOrderAndSubscriptions(String format) throws Exception {
        rig.append(
                ALICE, "INBOX", "Return-Path: <x@y.z>\r\nSubject: 1\r\n\r\nFrom me\r\n>From you\r\n", "\\Seen", "Junk");
        rig.append(ALICE, "INBOX", "Do you like ketchup?\r\nHow about pickles?\r\n");
        rig.append(ALICE, "INBOX", "\r\nan empty header\r\n", "\\Flagged", "$Forwarded");
        rig.append(ALICE, "INBOX", "");
        rig.append(ALICE, "INBOX", "\r\n");
        rig.append(ALICE, "INBOX", "Subject: only a header\r\n\r\n", "\\Answered", "\\Draft", "\\Deleted");
        rig.append(ALICE, "INBOX", "Subject: no end of the header\r\nbody at once\r\n\r\n\r\n");
        rig.append(ALICE, "INBOX", "Subject: long\r\n\r\n" + "x".repeat(100_000) + "\r\n");
        rig.append(ALICE, "Work/v1.2", "Subject: w\r\n\r\n");
        rig.append(ALICE, "Work/v1.2/Entwürfe & \\ more", "Subject: e\r\n\r\n");
        rig.append(ALICE, "data.dat", "Subject: d\r\n\r\n");
        rig.append(ALICE, ".hidden", "Subject: h\r\n\r\n");
        rig.mailboxes.create(ALICE, "Empty", Optional.empty());
        rig.mailboxes.subscribe(ALICE, "Work/v1.2/Entwürfe & \\ more", true);
        rig.exports(format, ALICE, "out");
        rig.imports(format, BOB, "out");
        assertThat(rig.names(BOB)).containsExactlyElementsOf(rig.names(ALICE));
        for (String name : rig.names(ALICE)) {
            assertThat(rig.messages(BOB, name)).as(name).isEqualTo(rig.messages(ALICE, name));
        }
        assertThat(rig.mailboxes.subscriptions(BOB)).isEqualTo(rig.mailboxes.subscriptions(ALICE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void messagesOfAnyKindComeBack(String format) throws Exception {
        Random random = new Random(11);
        String[] words = {
            "From ", ">", "\r\n", "Subject", "Status", ":", " ", "x", "From a Sun Jun  1 12:00:00 2025", "é"
        };
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(25); n > 0; n--) {
                text.append(words[random.nextInt(words.length)]);
            }
            // Its own field stays its own only in a body.
            if (text.indexOf("Status:") < 0 && text.indexOf("Status :") < 0) {
                rig.append(ALICE, "INBOX", text + "\r\n");
            }
        }
        rig.exports(format, ALICE, "out");
        rig.imports(format, BOB, "out");
        assertThat(rig.texts(BOB, "INBOX")).containsExactlyElementsOf(rig.texts(ALICE, "INBOX"));
    }

    @Test
    void anMboxFileAsDovecotReadsIt() throws Exception {
        rig.append(
                ALICE,
                "Old",
                "Return-Path: <alice@crepes.fr>\r\nSubject: 1\r\n\r\nFrom me\r\n",
                "\\Seen",
                "\\Answered",
                "Junk",
                "$Forwarded");
        rig.append(ALICE, "Old", "Status: RO\r\n ha\r\nSubject: 2\r\nX-UID: 7\r\n\r\nno line end");
        long validity = rig.mailboxes.find(ALICE, "Old").orElseThrow().uidValidity();
        rig.exports("mbox", ALICE, "old.mbox", "--folder", "Old");
        assertThat(Files.readString(temp.resolve("old.mbox"))).isEqualTo("""
                        From alice@crepes.fr Sun Jun  1 12:00:00 2025
                        Return-Path: <alice@crepes.fr>
                        Subject: 1
                        X-IMAPbase: %d 0000000002 $Forwarded Junk
                        Status: RO
                        X-Status: A
                        X-Keywords: $Forwarded Junk
                        X-UID: 1

                        >From me

                        From MAILER-DAEMON Sun Jun  1 12:00:00 2025
                        Subject: 2
                        Status: O
                        X-UID: 2

                        no line end

                        """.formatted(validity));
    }

    @Test
    void aMaildirAsDovecotReadsIt() throws Exception {
        rig.append(ALICE, "INBOX", "Subject: 1\r\n\r\nx\r\n", "\\Seen", "\\Answered", "b", "a");
        rig.append(ALICE, "INBOX", "Subject: 2\r\n\r\nx\r\r\n", "a");
        rig.append(ALICE, "Work/v1.2", "Subject: w\r\n\r\n", "$Forwarded");
        long validity = rig.mailboxes.find(ALICE, "INBOX").orElseThrow().uidValidity();
        rig.exports("maildir", ALICE, "out", "--folder", "inbox", "--folder", "Work/v1.2");
        String first = "1748779200.V%xI1.mail.crepes.fr,S=14,W=17".formatted(validity);
        String second = "1748779200.V%xI2.mail.crepes.fr,S=15,W=17".formatted(validity);
        assertThat(files("out/cur")).containsExactlyInAnyOrder(first + ":2,RSab", second + ":2,a");
        assertThat(Files.readString(temp.resolve("out/cur/" + first + ":2,RSab")))
                .isEqualTo("Subject: 1\n\nx\n");
        assertThat(Files.readString(temp.resolve("out/dovecot-keywords"))).isEqualTo("0 a\n1 b\n");
        assertThat(Files.readString(temp.resolve("out/dovecot-uidlist")))
                .matches("3 V" + validity + " N3 G[0-9a-f]{32}\n1 :\\Q" + first + "\\E\n2 :\\Q" + second + "\\E\n");
        assertThat(files("out/.Work.v1\\2e2"))
                .containsExactlyInAnyOrder("cur", "new", "tmp", "maildirfolder", "dovecot-keywords", "dovecot-uidlist");
        assertThat(files("out/.Work.v1\\2e2/cur").get(0)).endsWith(":2,Pa");
        assertThat(files("out")).doesNotContain(".Sent");
        assertThat(Files.readString(temp.resolve("out/subscriptions"))).isEqualTo("INBOX\n");
    }

    private List<String> files(String folder) throws Exception {
        try (Stream<Path> files = Files.list(temp.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void aDamagedMessageIsNamedAndTheOthersAreExported(String format) throws Exception {
        rig.append(ALICE, "INBOX", "Subject: 1\r\n\r\n");
        rig.append(ALICE, "INBOX", "Subject: 2\r\n\r\n");
        rig.append(ALICE, "INBOX", "Subject: 3\r\n\r\n");
        ContentRef lost;
        try (Mailbox inbox = rig.mailboxes.open(ALICE, "INBOX")) {
            lost = inbox.view().row(1).content();
        }
        rig.contents.lose(lost);
        assertThatThrownBy(() -> rig.exports(format, ALICE, "out"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 messages were exported, with 1 problems");
        assertThat(rig.told())
                .contains("passed over message 2 of INBOX (2025-06-01T12:00:00Z, 14 octets, content " + lost
                        + "): the message's content is missing");
        rig.imports(format, BOB, "out");
        assertThat(rig.texts(BOB, "INBOX")).containsExactly("Subject: 1\r\n\r\n", "Subject: 3\r\n\r\n");
    }

    @Test
    void keywordsThatAMaildirHasNoLetterForAreNamed() throws Exception {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 27; i++) {
            many.add("k" + i);
        }
        many.remove("k5");
        rig.append(ALICE, "INBOX", "Subject: 1\r\n\r\n", many.toArray(String[]::new));
        rig.append(ALICE, "INBOX", "Subject: 2\r\n\r\n", many.toArray(String[]::new));
        rig.append(ALICE, "INBOX", "Subject: 3\r\n\r\n", "k5");
        assertThatThrownBy(() -> rig.exports("maildir", ALICE, "out"))
                .hasMessage("3 messages were exported, with 1 problems");
        assertThat(rig.told()).contains("keyword k5 of INBOX is left out");
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        Files.writeString(temp.resolve("file"), "x");
        assertThatThrownBy(() -> rig.exports("mbox", ALICE, "file", "--folder", "INBOX"))
                .hasMessageEndingWith("file is there already; an export overwrites nothing");
        assertThatThrownBy(() -> rig.exports("maildir", ALICE, "."))
                .hasMessageEndingWith(" is not empty; an export makes a new folder");
        assertThat(Files.readString(temp.resolve("file"))).isEqualTo("x");
        Files.createDirectories(temp.resolve("made"));
        assertThat(rig.exports("maildir", ALICE, "made"))
                .asInstanceOf(list(Map.class))
                .hasSize(6);
    }

    @Test
    void whatIsWrongIsSaid() {
        for (String[] words :
                new String[][] {{}, {"mbox", ALICE}, {"mh", ALICE, "out"}, {"mbox", ALICE, "out", "--into", "x"}}) {
            assertThatThrownBy(() -> rig.exports(words))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("usage: export maildir|mbox ACCOUNT PATH");
        }
        assertThatThrownBy(() -> rig.exports("mbox", ALICE, "out", "--folder", "Nope"))
                .hasMessage("there is no mailbox Nope of " + ALICE);
        assertThatThrownBy(() -> rig.exports("mbox", "nonsense", "out"))
                .hasMessageStartingWith("nonsense is no account");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void aCancelledExportEnds() {
        rig.append(ALICE, "INBOX", "Subject: 1\r\n\r\n");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> rig.exports("maildir", ALICE, "out")).isInstanceOf(InterruptedException.class);
    }

    @Test
    void progressIsToldByFolder() throws Exception {
        long[] now = {0};
        var said = new java.io.ByteArrayOutputStream();
        Progress progress = new Progress(new java.io.PrintStream(said, true, StandardCharsets.UTF_8), 1, () -> now[0]);
        progress.begin("IN\u001bBOX");
        progress.done(1000);
        now[0] = 10_000_000_000L;
        progress.done(11_000);
        progress.done(1);
        progress.skipped("a", "b\n");
        progress.skipped("c", "d");
        progress.skipped("e", "f");
        progress.end("done");
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "IN?BOX: 12,000 messages so far, 1,200/s",
                        "passed over a: b?",
                        "more problems are counted and not named (setting max.reported)",
                        "IN?BOX: done, 1,200/s");
        assertThat(progress.problems()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void aNameThatNoFileCanHaveIsSaidAndTheRestIsExported(String format) throws Exception {
        String name = "ü".repeat(100);
        rig.append(ALICE, name, "Subject: long\r\n\r\n");
        rig.append(ALICE, "INBOX", "Subject: 1\r\n\r\n");
        assertThatThrownBy(() -> rig.exports(format, ALICE, "out"))
                .hasMessage("1 messages were exported, with 1 problems");
        assertThat(rig.told()).contains("passed over mailbox " + name + ": its name is too long for a file: ");
        rig.imports(format, BOB, "out");
        assertThat(rig.texts(BOB, "INBOX")).containsExactly("Subject: 1\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void namesThatWouldLeadElsewhereStayInTheFolder(String format) throws Exception {
        rig.append(ALICE, "../../up", "Subject: u\r\n\r\n");
        rig.append(ALICE, "..", "Subject: d\r\n\r\n");
        rig.exports(format, ALICE, "a/out");
        try (Stream<Path> all = Files.walk(temp)) {
            assertThat(all.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allMatch(path -> path.startsWith(temp.resolve("a/out")));
        }
        rig.imports(format, BOB, "a/out");
        assertThat(rig.texts(BOB, "../../up")).containsExactly("Subject: u\r\n\r\n");
        assertThat(rig.texts(BOB, "..")).containsExactly("Subject: d\r\n\r\n");
    }
}
