package org.mailrack.store.derby.internal;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.mailrack.api.store.AccountStore;
import org.mailrack.testkit.AccountStoreContract;

class DerbyAccountStoreTest extends AccountStoreContract {

    @TempDir
    static Path base;

    private static Database database;

    @BeforeAll
    static void openDatabase() {
        database = Databases.open(base);
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @Override
    protected AccountStore open() {
        return new DerbyAccountStore(database);
    }

    @Override
    protected AccountStore reopen(AccountStore opened) {
        database.close();
        openDatabase();
        return open();
    }
}
