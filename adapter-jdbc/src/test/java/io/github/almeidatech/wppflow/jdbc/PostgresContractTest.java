package io.github.almeidatech.wppflow.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Every port's promises, on PostgreSQL. */
class PostgresContractTest {

    @BeforeAll
    static void needPostgres() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
    }

    @Nested
    class Flow extends JdbcContracts.Flow {
        Flow() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class Events extends JdbcContracts.Events {
        Events() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class Policies extends JdbcContracts.Policies {
        Policies() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class Contacts extends JdbcContracts.Contacts {
        Contacts() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class ContactCopies extends JdbcContracts.ContactCopies {
        ContactCopies() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class Lists extends JdbcContracts.Lists {
        Lists() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class Documents extends JdbcContracts.Documents {
        Documents() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class Vectors extends JdbcContracts.Vectors {
        Vectors() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class MediaTexts extends JdbcContracts.MediaTexts {
        MediaTexts() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class Spending extends JdbcContracts.Spending {
        Spending() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class Erasing extends ErasingContract {
        Erasing() {
            super(new TestDatabases.Postgres());
        }
    }

    @Nested
    class UnheardClaims extends UnheardClaimContract {
        UnheardClaims() {
            super(new TestDatabases.Postgres());
        }
    }
}
