package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.ContactLists;
import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.Undecided;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.VectorStore;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.SpendLedger.Account;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.SpendLedger.Charge;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaTextStore;
import io.github.almeidatech.wppflow.testkit.ContactCopiesContract;
import io.github.almeidatech.wppflow.testkit.ContactListsContract;
import io.github.almeidatech.wppflow.testkit.ContactStoreContract;
import io.github.almeidatech.wppflow.testkit.DocumentStoreContract;
import io.github.almeidatech.wppflow.testkit.EventLogContract;
import io.github.almeidatech.wppflow.testkit.FlowStoreContract;
import io.github.almeidatech.wppflow.testkit.MediaTextStoreContract;
import io.github.almeidatech.wppflow.testkit.PolicyStoreContract;
import io.github.almeidatech.wppflow.testkit.SpendLedgerContract;
import io.github.almeidatech.wppflow.testkit.VectorStoreContract;
import java.time.Instant;
import java.time.LocalDate;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract suites of all ports, on any kind of database. */
final class JdbcContracts {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

    private JdbcContracts() {}

    abstract static class Flow extends FlowStoreContract {

        private final TestDatabases databases;
        private final Map<FlowStore, Database> byStore = new IdentityHashMap<>();

        Flow(TestDatabases databases) {
            this.databases = databases;
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

        @Test
        void policies_are_asked_about_what_others_write_into_the_log() {
            try (Database database = databases.open()) {
                var hotel = new TenantId("hotel");
                Event paid = new Event(
                        "e-1", hotel, null, null, "order.paid", 1, Map.of(), Event.Source.SYSTEM, null, null, 0, NOW);
                database.eventLog().append(List.of(paid, paid));

                List<Undecided> found = database.flowStore().undecided(10);

                assertThat(found).singleElement().satisfies(batch -> {
                    assertThat(batch.events()).containsExactly(paid);
                    assertThat(database.flowStore().decide(batch, List.of(PolicyPlan.NOTHING), NOW))
                            .isTrue();
                });
                assertThat(database.flowStore().undecided(10)).isEmpty();
                assertThat(database.eventLog().find(hotel, "e-1")).contains(paid);
                assertThat(database.eventLog().find(new TenantId("clinic"), "e-1"))
                        .isEmpty();
            }
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

    abstract static class ContactCopies extends ContactCopiesContract {

        private final TestDatabases databases;

        ContactCopies(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected ContactStore emptyStore(Predicate<TenantId> copied) {
            return databases.open().contactStore(copied);
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

    abstract static class Vectors extends VectorStoreContract {

        private final TestDatabases databases;

        Vectors(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected VectorStore emptyStore() {
            return databases.open().vectorStore();
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }

    abstract static class MediaTexts extends MediaTextStoreContract {

        private final TestDatabases databases;

        MediaTexts(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected MediaTextStore emptyStore() {
            return databases.open().mediaTexts();
        }

        @Test
        void a_restart_forgets_nothing_but_what_is_older_than_it_may_be() {
            Database before = databases.open();
            var tenant = new TenantId("hotel");
            var limit = NOW.minus(Retention.DEFAULT.media());
            before.mediaTexts().save(tenant, "old", new MediaText.Read("antigo"), limit.minusMillis(1));
            before.mediaTexts().save(tenant, "new", new MediaText.Read("novo"), limit);
            before.mediaTexts().save(new TenantId("clinic"), "old", new MediaText.Read("fica"), limit.minusMillis(1));

            Database after = databases.reopen(before);

            assertThat(after.mediaTexts().find(tenant, "old")).isPresent();
            assertThat(after.expire(tenant, Retention.DEFAULT, NOW).media()).isEqualTo(1);
            assertThat(after.mediaTexts().find(tenant, "old")).isEmpty();
            assertThat(after.mediaTexts().find(tenant, "new")).contains(new MediaText.Read("novo"));
            assertThat(after.mediaTexts().find(new TenantId("clinic"), "old")).isPresent();
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }

    abstract static class Spending extends SpendLedgerContract {

        private final TestDatabases databases;
        private final Map<SpendLedger, Database> byLedger = new IdentityHashMap<>();

        Spending(TestDatabases databases) {
            this.databases = databases;
        }

        @Override
        protected SpendLedger emptyLedger() {
            return ledgerOf(databases.open());
        }

        @Override
        protected SpendLedger beside(SpendLedger first) {
            return databases.beside(byLedger.get(first)).map(this::ledgerOf).orElse(first);
        }

        private SpendLedger ledgerOf(Database database) {
            SpendLedger ledger = database.spendLedger();
            byLedger.put(ledger, database);
            return ledger;
        }

        @Test
        void a_restart_forgets_nothing_but_what_is_older_than_a_month() {
            Database before = databases.open();
            var tenant = new TenantId("hotel");
            var day = LocalDate.parse("2026-09-01");
            var today = new Account(tenant, day, "");
            var month = new Account(tenant, day.minusDays(31), "");
            var older = new Account(tenant, day.minusDays(32), "");
            for (Account each : List.of(older, month, today)) {
                before.spendLedger().correct(List.of(new Charge(each, new Amount(7, 9), Amount.ZERO)));
            }

            SpendLedger after = databases.reopen(before).spendLedger();

            assertThat(after.spent(today)).isEqualTo(new Amount(7, 9));
            assertThat(after.spent(month)).isEqualTo(new Amount(7, 9));
            assertThat(after.spent(older)).isEqualTo(Amount.ZERO);
        }

        @AfterEach
        void closeDatabases() {
            databases.close();
        }
    }
}
