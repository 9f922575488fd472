package org.mailrack.testkit;

import org.mailrack.api.store.ContentStore;

class InMemoryContentStoreTest extends ContentStoreContract {

    private final InMemoryContentStore store = new InMemoryContentStore();

    @Override
    protected ContentStore store() {
        return store;
    }
}
