package org.mailrack.store.derby.internal;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.mailrack.api.store.MailboxStore;
import org.mailrack.testkit.MailboxStoreContract;

class DerbyMailboxStoreTest extends MailboxStoreContract {

    @TempDir
    static Path base;

    private static Database database;
    private static DerbyMailboxStore store;

    @BeforeAll
    static void openDatabase() {
        database = Databases.open(base);
        store = new DerbyMailboxStore(database);
    }

    @AfterAll
    static void closeDatabase() throws Exception {
        store.stop();
        database.close();
    }

    @Override
    protected MailboxStore open() {
        return store;
    }

    @Override
    protected MailboxStore reopen(MailboxStore opened) throws Exception {
        closeDatabase();
        openDatabase();
        return store;
    }
}
