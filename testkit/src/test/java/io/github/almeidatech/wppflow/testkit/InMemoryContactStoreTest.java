package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;

class InMemoryContactStoreTest extends ContactStoreContract {

    @Override
    protected ContactStore emptyStore() {
        return new InMemoryContactStore();
    }
}
