package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.knowledge.InMemoryVectorStore;
import io.github.almeidatech.wppflow.knowledge.VectorStore;

class InMemoryVectorStoreTest extends VectorStoreContract {

    @Override
    protected VectorStore emptyStore() {
        return new InMemoryVectorStore();
    }
}
