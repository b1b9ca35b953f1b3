package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.PolicyDocument;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PolicyStore} does. A subclass gives an empty store for each test. */
public abstract class PolicyStoreContract {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final TenantId OTHER = new TenantId("clinic");
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private PolicyStore store;

    /** A new store without any document. */
    protected abstract PolicyStore emptyStore();

    @BeforeEach
    void open() {
        store = emptyStore();
    }

    @Test
    void documents_come_back_as_written_in_the_order_of_their_ids() {
        var first = new PolicyDocument(
                "a", Map.of("on", "turn.*", "then", List.of(Map.of("label", Map.of("add", List.of("x"))))), NOW);
        var second = new PolicyDocument("b", Map.of("id", "b", "priority", 3, "loose", true), NOW);

        store.put(TENANT, second);
        store.put(TENANT, first);

        assertThat(store.documents(TENANT)).containsExactly(first, second);
    }

    @Test
    void writing_again_replaces() {
        store.put(TENANT, new PolicyDocument("a", Map.of("v", 1), NOW));
        var newer = new PolicyDocument("a", Map.of("v", 2), NOW.plusSeconds(1));

        store.put(TENANT, newer);

        assertThat(store.documents(TENANT)).containsExactly(newer);
    }

    @Test
    void a_document_is_removed_once() {
        store.put(TENANT, new PolicyDocument("a", Map.of(), NOW));

        assertThat(store.remove(TENANT, "a")).isTrue();
        assertThat(store.remove(TENANT, "a")).isFalse();
        assertThat(store.documents(TENANT)).isEmpty();
    }

    @Test
    void tenants_do_not_see_each_other() {
        var ours = new PolicyDocument("a", Map.of("v", 1), NOW);
        store.put(TENANT, ours);

        assertThat(store.documents(OTHER)).isEmpty();
        assertThat(store.remove(OTHER, "a")).isFalse();
        store.put(OTHER, new PolicyDocument("a", Map.of("v", 2), NOW));
        assertThat(store.documents(TENANT)).containsExactly(ours);
    }
}
