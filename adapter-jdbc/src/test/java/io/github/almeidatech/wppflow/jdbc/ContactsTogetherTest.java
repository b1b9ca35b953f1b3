package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.HOTEL;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contacts that are written in one transaction, where what the one has made is not yet in the tables for the next. */
class ContactsTogetherTest {

    @TempDir
    Path folder;

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private Database database;

    @BeforeEach
    void open() {
        var patient = new DatabaseOptions(Duration.ofMinutes(1), 64, 64, 1);
        database = Database.open("sqlite:" + folder.resolve("contacts.db"), patient);
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
        database.close();
    }

    @Test
    void somebody_new_who_is_met_twice_is_one_contact() throws Exception {
        List<String> ids = upsertTogether(
                Set.of(Identity.person("p:1"), Identity.chatwoot(1, 7)),
                Set.of(Identity.person("p:1"), Identity.chatwoot(1, 8)));

        assertThat(new HashSet<>(ids)).hasSize(1);
        assertThat(database.contactStore().list(HOTEL, 10, null).contacts())
                .singleElement()
                .satisfies(contact -> assertThat(contact.identities())
                        .containsExactlyInAnyOrder(
                                Identity.person("p:1"), Identity.chatwoot(1, 7), Identity.chatwoot(1, 8)));
    }

    @Test
    void two_who_turn_out_to_be_one_are_joined() throws Exception {
        upsertTogether(
                Set.of(Identity.person("p:1")),
                Set.of(Identity.chatwoot(1, 7)),
                Set.of(Identity.person("p:1"), Identity.chatwoot(1, 7)),
                Set.of(Identity.chatwoot(1, 7), Identity.chatwoot(1, 8)));

        assertThat(database.contactStore().list(HOTEL, 10, null).contacts())
                .singleElement()
                .satisfies(contact -> assertThat(contact.identities()).hasSize(3));
    }

    /** All in one transaction, in this order. */
    @SafeVarargs
    private List<String> upsertTogether(Set<Identity>... people) throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        pool.submit(() -> database.writer().write(tx -> {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        }));
        begun.await();
        var upserts = new ArrayList<Future<String>>();
        for (Set<Identity> person : people) {
            var update = new ContactUpdate(person, null, "Ana", null, Map.of(), null);
            upserts.add(pool.submit(
                    () -> database.contactStore().upsert(HOTEL, update, NOW).id()));
            while (database.writer().waiting() < upserts.size()) {
                Thread.onSpinWait();
            }
        }
        long commits = database.commits();
        go.countDown();
        var ids = new ArrayList<String>();
        for (Future<String> each : upserts) {
            ids.add(each.get());
        }
        assertThat(database.commits() - commits).isEqualTo(2);
        return ids;
    }
}
