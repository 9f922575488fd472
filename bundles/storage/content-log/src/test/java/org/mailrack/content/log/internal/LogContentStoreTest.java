package org.mailrack.content.log.internal;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.store.ContentStore;
import org.mailrack.testkit.ContentStoreContract;

class LogContentStoreTest extends ContentStoreContract {

    @TempDir
    Path folder;

    private NioDisk disk;
    private ContentLog log;

    @BeforeEach
    void open() throws Exception {
        disk = new NioDisk(folder);
        log = ContentLog.open(disk, ContentLog.Limits.DEFAULT);
    }

    @Override
    protected void restart() throws Exception {
        log.kill();
        disk.close();
        open();
    }

    @AfterEach
    void close() throws Exception {
        log.close();
    }

    @Override
    protected ContentStore store() {
        return log;
    }
}
