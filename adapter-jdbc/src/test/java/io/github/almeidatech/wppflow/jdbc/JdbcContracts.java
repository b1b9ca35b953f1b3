package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.ContactLists;
import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.testkit.ContactListsContract;
import io.github.almeidatech.wppflow.testkit.ContactStoreContract;
import io.github.almeidatech.wppflow.testkit.DocumentStoreContract;
import io.github.almeidatech.wppflow.testkit.EventLogContract;
import io.github.almeidatech.wppflow.testkit.FlowStoreContract;
import io.github.almeidatech.wppflow.testkit.PolicyStoreContract;
import java.util.IdentityHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The contract suites of all ports, on any kind of database. */
final class JdbcContracts {

    private JdbcContracts() {}

    abstract static class Flow extends FlowStoreContract {

        private final TestDatabases databases;
        private final Map<FlowStore, Database> byStore = new IdentityHashMap<>();

        Flow(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected int randomRuns() {
            return 8;
        }

        @Override
        protected Opened open() {
            return opened(databases.open());
        }

        @Override
        protected Opened reopen(Opened before) {
            return opened(databases.reopen(byStore.get(before.store())));
        }

        private Opened opened(Database database) {
            var opened = new Opened(database.flowStore(), database.eventLog());
            byStore.put(opened.store(), database);
            return opened;
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }

    abstract static class Events extends EventLogContract {

        private final TestDatabases databases;
        private final Map<EventLog, Database> byLog = new IdentityHashMap<>();

        Events(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected EventLog emptyLog() {
            Database database = databases.open();
            EventLog log = database.eventLog();
            byLog.put(log, database);
            return log;
        }

        @Override
        protected EventArchive archiveOf(EventLog log) {
            return byLog.get(log).eventArchive();
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }

    abstract static class Policies extends PolicyStoreContract {

        private final TestDatabases databases;

        Policies(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected PolicyStore emptyStore() {
            return databases.open().policyStore();
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }

    abstract static class Contacts extends ContactStoreContract {

        private final TestDatabases databases;

        Contacts(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected ContactStore emptyStore() {
            return databases.open().contactStore();
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }

    abstract static class Lists extends ContactListsContract {

        private final TestDatabases databases;

        Lists(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected ContactLists emptyLists() {
            return databases.open().contactLists();
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }

    abstract static class Documents extends DocumentStoreContract {

        private final TestDatabases databases;

        Documents(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected DocumentStore emptyStore() {
            return databases.open().documentStore();
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }
}
