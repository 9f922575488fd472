package org.mailrack.content.log.internal;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.SpoolJournal;
import org.mailrack.testkit.SpoolJournalContract;

class LogSpoolJournalTest extends SpoolJournalContract {

    @TempDir
    Path folder;

    private NioDisk disk;
    private ContentLog log;

    @BeforeEach
    void open() throws Exception {
        disk = new NioDisk(folder);
        log = ContentLog.open(disk, new ContentLog.Limits(8192, 16 * 1024, 2, 10_000, 0, 1 << 20, 1000));
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
    protected SpoolJournal journal() {
        return log;
    }

    @Override
    protected ContentStore contents() {
        return log;
    }
}
