package org.mailrack.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.mailbox.MailboxInfo;
import org.mailrack.api.store.StoreException;
import org.mailrack.api.store.StoreException.Kind;

class DatabaseTest {

    @TempDir
    Path base;

    @Test
    void openCloseOpenInOneJvmLeavesNothingBehind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Set<Object> properties = Set.copyOf(System.getProperties().keySet());
        for (int i = 0; i < 2; i++) {
            Database database = Databases.open(base);
            new DerbyAccountStore(database).setAlias("a" + i, List.of("b"));
            assertThat(new DerbyAccountStore(database).aliases()).hasSize(i + 1);
            database.close();
        }
        assertThat(engineThreads())
                .isSubsetOf(before.stream().map(Thread::getName).toList());
        assertThat(System.getProperties().keySet()).as("system properties").isEqualTo(properties);
        assertThat(DriverManager.drivers().map(d -> d.getClass().getName()))
                .as("drivers that would keep a class loader alive")
                .noneMatch(name -> name.contains("derby"));
        assertThat(Path.of("derby.log")).doesNotExist();
        assertThat(base.resolve("data/derby.log")).doesNotExist();
    }

    private static List<String> engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("derby") || name.startsWith("Timer-"))
                .toList();
    }

    @Test
    void twoDatabasesInOneJvmDoNotEndEachOther() {
        Database one = Databases.open(base.resolve("one"));
        Database two = Databases.open(base.resolve("two"));
        one.close();
        assertThat(new DerbyAccountStore(two).domains()).isEmpty();
        two.close();
    }

    @Test
    void aClosedDatabaseIsUnavailable() {
        Database database = Databases.open(base);
        database.close();
        StoreException failure =
                catchThrowableOfType(StoreException.class, () -> new DerbyAccountStore(database).domains());
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessage("store is stopping");
    }

    @Test
    void aDatabaseThatWentDownUnderneathComesBack() {
        Database database = Databases.open(base);
        DerbyAccountStore accounts = new DerbyAccountStore(database);
        accounts.addDomain("a");
        Engine other = Engine.start(Databases.settings(base));
        other.shutDownDatabase();
        other.stop();
        StoreException failure = catchThrowableOfType(StoreException.class, () -> accounts.domains());
        assertThat(failure == null || failure.kind() == Kind.UNAVAILABLE).isTrue();
        assertThat(accounts.domains()).containsExactly("a");
        database.close();
    }

    @Test
    void waitingForAConnectionIsBounded() throws Exception {
        Settings few = new Settings(
                base.resolve("data"), 1000, 2, Duration.ofMillis(1), Duration.ofSeconds(1), 1000, 1000, 0, 0);
        Database database = Databases.open(few);
        CountDownLatch busy = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = List.of(occupy(database, busy, end), occupy(database, busy, end));
        assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> new DerbyAccountStore(database).domains())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("busy");
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(new DerbyAccountStore(database).domains()).isEmpty();
        database.close();
    }

    private static Thread occupy(Database database, CountDownLatch busy, CountDownLatch end) {
        Thread thread = new Thread(() -> database.run("wait", tx -> {
            busy.countDown();
            try {
                return end.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        thread.start();
        return thread;
    }

    @Test
    void anOlderSchemaIsMigratedAndKeepsItsRows() {
        Database old = Databases.open(base);
        MailboxInfo made = new DerbyMailboxStore(old).create("bob", "INBOX", Optional.empty());
        old.close();
        String next = """
                -- a comment; with a semicolon
                ALTER TABLE mailboxes ADD COLUMN colour VARCHAR(10) DEFAULT 'none';
                CREATE TABLE more (n INT);
                """;
        Database newer = new Database(Databases.settings(base), schema(next));
        assertThat(newer.<List<String>>run(
                        "read",
                        tx -> tx.list("SELECT colour FROM mailboxes WHERE id = ?", r -> r.getString(1), made.id())))
                .containsExactly("none");
        newer.close();
        Database again = new Database(Databases.settings(base), schema(next));
        assertThat(again.<List<Integer>>run(
                        "read",
                        tx -> tx.list("SELECT version FROM schema_versions ORDER BY version", r -> r.getInt(1))))
                .endsWith(last(), last() + 1);
        again.close();
        assertThatThrownBy(() -> Databases.open(base))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version " + (last() + 1))
                .hasMessageContaining("newer release");
    }

    @Test
    void aMigrationThatFailsChangesNothing() {
        Databases.open(base).close();
        assertThatThrownBy(() -> new Database(
                        Databases.settings(base),
                        schema("CREATE TABLE more (n INT);\nINSERT INTO missing VALUES (1);\n")))
                .isInstanceOf(StoreException.class);
        Database database = Databases.open(base);
        assertThat(database.<List<String>>run(
                        "read",
                        tx -> tx.list(
                                "SELECT tablename FROM sys.systables WHERE tabletype = 'T'", r -> r.getString(1))))
                .contains("MESSAGES")
                .doesNotContain("MORE");
        database.close();
    }

    /** The bundled scripts and one more. */
    private static Schema schema(String next) {
        IntFunction<Optional<String>> scripts = n -> n == last() + 1 ? Optional.of(next) : Schema.script(n);
        return new Schema(scripts);
    }

    /** The number of the last bundled script. */
    private static int last() {
        int last = 1;
        while (Schema.script(last + 1).isPresent()) {
            last++;
        }
        return last;
    }

    @Test
    void aCreationThatWasCutOffBeginsAnew() throws Exception {
        Path data = base.resolve("data");
        Files.createDirectories(data.resolve("db/seg0"));
        Files.write(data.resolve("db.creating"), new byte[0]);
        Database database = Databases.open(base);
        new DerbyAccountStore(database).addDomain("a");
        database.close();
        assertThat(names(data)).contains("db", "db.unfinished-1").doesNotContain("db.creating");
    }

    @Test
    void aMarkThatCameBackCostsNoData() throws Exception {
        Database database = Databases.open(base);
        new DerbyAccountStore(database).addDomain("a");
        database.close();
        Files.write(base.resolve("data/db.creating"), new byte[0]);
        Database again = Databases.open(base);
        assertThat(new DerbyAccountStore(again).domains()).containsExactly("a");
        again.close();
        assertThat(names(base.resolve("data"))).containsExactly("db");
    }

    private static Set<String> names(Path folder) throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void aWrongSettingIsNamed() {
        assertThatThrownBy(
                        () -> new Settings(base, 1, 16, Duration.ofSeconds(1), Duration.ofSeconds(1), 1000, 1000, 0, 0))
                .hasMessageContaining("page.cache");
    }
}
