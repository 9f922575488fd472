package org.mailrack.testkit;

import org.mailrack.api.store.AccountStore;

class InMemoryAccountStoreTest extends AccountStoreContract {

    @Override
    protected AccountStore open() {
        return new InMemoryAccountStore();
    }

    @Override
    protected AccountStore reopen(AccountStore opened) {
        return opened;
    }
}
