package io.github.almeidatech.wppflow.jdbc;

import org.junit.jupiter.api.Nested;

/** Every port's promises, on SQLite. */
class SqliteContractTest {

    @Nested
    class Flow extends JdbcContracts.Flow {
        Flow() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class Events extends JdbcContracts.Events {
        Events() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class Policies extends JdbcContracts.Policies {
        Policies() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class Contacts extends JdbcContracts.Contacts {
        Contacts() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class ContactCopies extends JdbcContracts.ContactCopies {
        ContactCopies() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class Lists extends JdbcContracts.Lists {
        Lists() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class Documents extends JdbcContracts.Documents {
        Documents() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class Vectors extends JdbcContracts.Vectors {
        Vectors() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class MediaTexts extends JdbcContracts.MediaTexts {
        MediaTexts() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class Spending extends JdbcContracts.Spending {
        Spending() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class Erasing extends ErasingContract {
        Erasing() {
            super(new TestDatabases.Sqlite());
        }
    }

    @Nested
    class UnheardClaims extends UnheardClaimContract {
        UnheardClaims() {
            super(new TestDatabases.Sqlite());
        }
    }
}
