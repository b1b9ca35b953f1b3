package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.InMemoryFlowStore;

/** Reopening does not lose anything here: there is no disk to lose it from. */
class InMemoryFlowStoreTest extends FlowStoreContract {

    @Override
    protected Opened open() {
        var events = new InMemoryEventLog();
        return new Opened(new InMemoryFlowStore(events), events);
    }

    @Override
    protected Opened reopen(Opened before) {
        return before;
    }
}
