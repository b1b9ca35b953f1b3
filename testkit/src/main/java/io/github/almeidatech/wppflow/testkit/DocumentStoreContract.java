package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.StoredDocument;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link DocumentStore} promises. Extend it and give it an empty store. */
public abstract class DocumentStoreContract {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final TenantId CLINIC = new TenantId("clinic");

    /** A store without documents; asked for once in each test. */
    protected abstract DocumentStore emptyStore();

    @Test
    void a_new_tenant_has_no_documents() {
        assertThat(emptyStore().all(HOTEL)).isEmpty();
    }

    @Test
    void a_saved_document_is_found_as_it_was() {
        var store = emptyStore();
        var document = new Document("prices", "Diária 🐶", "R$ 95 o dia.\n\n“Aspas”, acentuação e '; --", "hotel");

        store.save(HOTEL, List.of(document));

        assertThat(store.all(HOTEL)).containsExactly(document);
    }

    @Test
    void a_document_may_be_without_title_content_or_domain() {
        var store = emptyStore();
        var titleOnly = new Document("a", "Só título", "", null);
        var contentOnly = new Document("b", "", "Só conteúdo", null);

        store.save(HOTEL, List.of(titleOnly, contentOnly));

        assertThat(store.all(HOTEL)).containsExactly(titleOnly, contentOnly);
    }

    @Test
    void saving_the_same_id_again_replaces() {
        var store = emptyStore();
        store.save(HOTEL, List.of(new Document("prices", "Diária", "R$ 95", "hotel")));

        store.save(HOTEL, List.of(document("prices", "R$ 100")));

        assertThat(store.all(HOTEL)).containsExactly(document("prices", "R$ 100"));
    }

    @Test
    void of_the_same_id_in_one_call_the_last_stays() {
        var store = emptyStore();

        store.save(HOTEL, List.of(document("prices", "R$ 95"), document("prices", "R$ 100")));

        assertThat(store.all(HOTEL)).containsExactly(document("prices", "R$ 100"));
    }

    @Test
    void documents_come_ordered_by_id() {
        var store = emptyStore();

        store.save(HOTEL, List.of(document("c", "3"), document("a", "1"), document("b", "2")));
        store.save(HOTEL, List.of(document("aa", "1½"), document("B", "0")));

        assertThat(store.all(HOTEL)).extracting(Document::id).containsExactly("B", "a", "aa", "b", "c");
    }

    @Test
    void deleting_counts_what_was_there() {
        var store = emptyStore();
        store.save(HOTEL, List.of(document("a", "1"), document("b", "2")));

        assertThat(store.delete(HOTEL, List.of("a", "unknown"))).isEqualTo(1);
        assertThat(store.delete(HOTEL, List.of("a"))).isZero();
        assertThat(store.all(HOTEL)).containsExactly(document("b", "2"));
    }

    @Test
    void tenants_do_not_see_each_other() {
        var store = emptyStore();
        store.save(HOTEL, List.of(document("prices", "hotel")));
        store.save(CLINIC, List.of(document("prices", "clinic")));

        assertThat(store.delete(CLINIC, List.of("prices"))).isEqualTo(1);

        assertThat(store.all(CLINIC)).isEmpty();
        assertThat(store.all(HOTEL)).containsExactly(document("prices", "hotel"));
    }

    @Test
    void the_version_differs_after_each_change() {
        var store = emptyStore();
        var versions = new ArrayList<Long>();
        versions.add(store.version(HOTEL));

        store.save(HOTEL, List.of(document("a", "1")));
        versions.add(store.version(HOTEL));
        store.save(HOTEL, List.of(document("a", "2")));
        versions.add(store.version(HOTEL));
        store.delete(HOTEL, List.of("a"));
        versions.add(store.version(HOTEL));
        store.save(HOTEL, List.of(document("a", "1")));
        versions.add(store.version(HOTEL));

        assertThat(versions).doesNotHaveDuplicates();
    }

    @Test
    void the_version_stays_while_nothing_changes() {
        var store = emptyStore();
        store.save(HOTEL, List.of(document("a", "1")));
        long version = store.version(HOTEL);

        store.save(CLINIC, List.of(document("a", "1")));
        store.delete(HOTEL, List.of("unknown"));
        store.save(HOTEL, List.of());
        store.all(HOTEL);

        assertThat(store.version(HOTEL)).isEqualTo(version);
    }

    @Test
    void a_document_has_a_version_of_its_own_that_grows_when_it_changes() {
        var store = emptyStore();
        var first = Instant.parse("2026-09-01T12:00:00Z");
        var second = first.plusSeconds(60);
        store.save(HOTEL, List.of(document("a", "1"), new Document("b", "B", "1", "hotel")), first);

        store.save(HOTEL, List.of(document("a", "2"), new Document("b", "B", "1", "hotel")), second);
        store.save(HOTEL, List.of(new Document("b", "B", "1", null)), second.plusMillis(1));

        assertThat(store.stored(HOTEL))
                .containsExactly(
                        new StoredDocument(document("a", "2"), 2, second),
                        new StoredDocument(new Document("b", "B", "1", null), 2, second.plusMillis(1)));
    }

    @Test
    void a_document_that_comes_back_begins_anew() {
        var store = emptyStore();
        var at = Instant.parse("2026-09-01T12:00:00Z");
        store.save(HOTEL, List.of(document("a", "1")), at);
        store.save(HOTEL, List.of(document("a", "2")), at);
        store.delete(HOTEL, List.of("a"));

        store.save(HOTEL, List.of(document("a", "2")), at);

        assertThat(store.stored(HOTEL)).containsExactly(new StoredDocument(document("a", "2"), 1, at));
    }

    @Test
    void when_one_document_cannot_be_saved_none_is() {
        var store = emptyStore();
        var broken = new ArrayList<@Nullable Document>();
        broken.add(document("a", "1"));
        broken.add(null);

        assertThatThrownBy(() -> store.save(HOTEL, unchecked(broken))).isInstanceOf(RuntimeException.class);

        assertThat(store.all(HOTEL)).isEmpty();
    }

    @Test
    void ids_are_taken_literally() {
        var store = emptyStore();
        var odd = List.of("%", "_", "a'b", "a/b", "Á", "x".repeat(200));

        store.save(HOTEL, odd.stream().map(id -> document(id, id)).toList());

        assertThat(store.delete(HOTEL, List.of("%"))).isEqualTo(1);
        assertThat(store.delete(HOTEL, List.of("A", "á"))).isZero();
        assertThat(store.all(HOTEL)).hasSize(odd.size() - 1);
    }

    @Test
    void a_large_document_comes_back_whole() {
        var store = emptyStore();
        var large = document("large", "acentuação 🐱 ".repeat(50_000));

        store.save(HOTEL, List.of(large));

        assertThat(store.all(HOTEL)).containsExactly(large);
    }

    @Test
    void many_documents_are_saved_at_once() {
        var store = emptyStore();
        var many = new ArrayList<Document>();
        for (int n = 0; n < 2_500; n++) {
            many.add(document("d" + n, "text " + n));
        }

        store.save(HOTEL, many);

        assertThat(store.all(HOTEL)).hasSize(2_500);
        assertThat(store.delete(HOTEL, many.stream().map(Document::id).toList()))
                .isEqualTo(2_500);
    }

    @Test
    void any_sequence_of_changes_leaves_what_a_map_would_hold() {
        var store = emptyStore();
        for (long seed = 1; seed <= 10; seed++) {
            var random = new Random(seed);
            var tenant = new TenantId("tenant-" + seed);
            Map<String, Document> expected = new TreeMap<>();
            for (int step = 0; step < 30; step++) {
                String id = "d" + random.nextInt(8);
                if (random.nextInt(3) == 0) {
                    int removed = expected.remove(id) == null ? 0 : 1;
                    assertThat(store.delete(tenant, List.of(id)))
                            .as("seed %d", seed)
                            .isEqualTo(removed);
                } else {
                    var document = document(id, "text " + random.nextInt());
                    expected.put(id, document);
                    store.save(tenant, List.of(document));
                }
            }

            assertThat(store.all(tenant)).as("seed %d", seed).containsExactlyElementsOf(expected.values());
        }
    }

    @Test
    void concurrent_savers_lose_nothing() throws Exception {
        var store = emptyStore();
        var pool = Executors.newFixedThreadPool(4);
        try {
            var saving = new ArrayList<Future<?>>();
            for (int n = 0; n < 40; n++) {
                String id = "d" + n;
                saving.add(pool.submit(() -> store.save(HOTEL, List.of(document(id, id)))));
            }
            for (var each : saving) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(store.all(HOTEL)).hasSize(40);
    }

    private static Document document(String id, String content) {
        return new Document(id, "title of " + id, content, null);
    }

    @SuppressWarnings("unchecked")
    private static Collection<Document> unchecked(List<?> documents) {
        return (Collection<Document>) documents;
    }
}
