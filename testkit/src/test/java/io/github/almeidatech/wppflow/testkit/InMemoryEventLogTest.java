package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;

class InMemoryEventLogTest extends EventLogContract {

    @Override
    protected EventLog emptyLog() {
        return new InMemoryEventLog();
    }

    @Override
    protected EventArchive archiveOf(EventLog log) {
        return (InMemoryEventLog) log;
    }
}
