package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.knowledge.VectorStore;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link VectorStore} promises. Extend it and give it an empty store. */
public abstract class VectorStoreContract {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final TenantId CLINIC = new TenantId("clinic");
    private static final float[] NORTH = {0.25f, -1.5f, Float.MIN_VALUE};
    private static final float[] SOUTH = {-0.25f, 1.5f, 3e8f};

    /** A store without vectors; asked for once in each test. */
    protected abstract VectorStore emptyStore();

    @Test
    void a_saved_vector_is_found_as_it_was() {
        var store = emptyStore();

        store.save(HOTEL, "m", Map.of("a", NORTH, "b", SOUTH));

        Map<String, float[]> found = store.find(HOTEL, "m", List.of("a", "b", "unknown"));
        assertThat(found).containsOnlyKeys("a", "b");
        assertThat(found.get("a")).containsExactly(NORTH);
        assertThat(found.get("b")).containsExactly(SOUTH);
    }

    @Test
    void saving_again_replaces() {
        var store = emptyStore();
        store.save(HOTEL, "m", Map.of("a", NORTH));

        store.save(HOTEL, "m", Map.of("a", SOUTH));

        assertThat(store.find(HOTEL, "m", List.of("a")).get("a")).containsExactly(SOUTH);
    }

    @Test
    void tenants_and_models_do_not_see_each_others_vectors() {
        var store = emptyStore();
        store.save(HOTEL, "m", Map.of("a", NORTH));

        assertThat(store.find(CLINIC, "m", List.of("a"))).isEmpty();
        assertThat(store.find(HOTEL, "other", List.of("a"))).isEmpty();
    }

    @Test
    void what_is_removed_is_gone_and_nothing_of_another_model_or_tenant() {
        var store = emptyStore();
        store.save(HOTEL, "old", Map.of("a", NORTH));
        store.save(HOTEL, "m", Map.of("a", NORTH, "b", SOUTH));
        store.save(CLINIC, "m", Map.of("a", NORTH));

        store.remove(HOTEL, "m", List.of("a", "unknown"));

        assertThat(store.hashes(HOTEL)).isEqualTo(Map.of("old", Set.of("a"), "m", Set.of("b")));
        assertThat(store.hashes(CLINIC)).isEqualTo(Map.of("m", Set.of("a")));
        assertThat(store.find(HOTEL, "m", List.of("a", "b"))).containsOnlyKeys("b");
    }

    @Test
    void a_store_without_vectors_has_no_hashes() {
        assertThat(emptyStore().hashes(HOTEL)).isEmpty();
    }

    @Test
    void many_large_vectors_are_saved_found_and_removed_at_once() {
        var store = emptyStore();
        var many = new HashMap<String, float[]>();
        for (int n = 0; n < 300; n++) {
            many.put("h" + n, new float[1_536]);
        }

        store.save(HOTEL, "m", many);

        assertThat(store.find(HOTEL, "m", many.keySet())).hasSize(300);
        assertThat(store.find(HOTEL, "m", List.of())).isEmpty();
        store.remove(HOTEL, "m", many.keySet());
        assertThat(store.hashes(HOTEL)).isEmpty();
    }
}
