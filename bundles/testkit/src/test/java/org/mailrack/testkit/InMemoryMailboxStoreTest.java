package org.mailrack.testkit;

import org.mailrack.api.store.MailboxStore;

class InMemoryMailboxStoreTest extends MailboxStoreContract {

    @Override
    protected MailboxStore open() {
        return new InMemoryMailboxStore();
    }

    @Override
    protected MailboxStore reopen(MailboxStore opened) {
        return opened;
    }
}
