package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.function.Predicate;

class InMemoryContactCopiesTest extends ContactCopiesContract {

    @Override
    protected ContactStore emptyStore(Predicate<TenantId> copied) {
        return new InMemoryContactStore(copied);
    }
}
