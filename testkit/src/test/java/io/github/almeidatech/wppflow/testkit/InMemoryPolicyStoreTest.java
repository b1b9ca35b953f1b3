package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.eventlog.InMemoryPolicyStore;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;

class InMemoryPolicyStoreTest extends PolicyStoreContract {

    @Override
    protected PolicyStore emptyStore() {
        return new InMemoryPolicyStore();
    }
}
