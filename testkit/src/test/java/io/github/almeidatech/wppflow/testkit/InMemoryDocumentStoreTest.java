package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;

class InMemoryDocumentStoreTest extends DocumentStoreContract {

    @Override
    protected DocumentStore emptyStore() {
        return new InMemoryDocumentStore();
    }
}
