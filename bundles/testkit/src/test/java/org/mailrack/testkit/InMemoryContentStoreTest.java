package org.mailrack.testkit;

import org.junit.jupiter.api.Nested;

import org.mailrack.api.store.ContentStore;
import org.mailrack.api.store.SpoolJournal;

class InMemoryContentStoreTest {

    @Nested
    class Contents extends ContentStoreContract {
        private final InMemoryContentStore store = new InMemoryContentStore();

        @Override
        protected ContentStore store() {
            return store;
        }
    }

    @Nested
    class Journal extends SpoolJournalContract {
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
}
