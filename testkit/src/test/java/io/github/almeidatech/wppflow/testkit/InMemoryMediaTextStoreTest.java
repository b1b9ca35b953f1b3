package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.InMemoryMediaTextStore;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaTextStore;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryMediaTextStoreTest extends MediaTextStoreContract {

    @Override
    protected MediaTextStore emptyStore() {
        return new InMemoryMediaTextStore(20_000);
    }

    @Test
    void the_texts_used_longest_ago_are_forgotten() {
        var store = new InMemoryMediaTextStore(2);
        var tenant = new TenantId("hotel");
        for (String hash : List.of("old", "newer", "newest")) {
            store.save(tenant, hash, new MediaText.Read(hash), Instant.EPOCH);
            store.find(tenant, "newer");
        }

        assertThat(store.find(tenant, "old")).isEmpty();
        assertThat(store.find(tenant, "newer")).isPresent();
        assertThat(store.find(tenant, "newest")).isPresent();
    }
}
