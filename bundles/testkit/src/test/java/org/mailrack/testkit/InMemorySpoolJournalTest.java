package org.mailrack.testkit;

import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.SpoolJournal;

class InMemorySpoolJournalTest extends SpoolJournalContract {

    private final InMemoryContentStore store = new InMemoryContentStore();

    @Override
    protected SpoolJournal journal() {
        return store;
    }

    @Override
    protected ContentStore contents() {
        return store;
    }
}
