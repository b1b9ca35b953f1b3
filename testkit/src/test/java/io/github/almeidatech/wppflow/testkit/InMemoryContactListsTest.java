package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.contacts.ContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;

class InMemoryContactListsTest extends ContactListsContract {

    @Override
    protected ContactLists emptyLists() {
        return new InMemoryContactLists();
    }
}
