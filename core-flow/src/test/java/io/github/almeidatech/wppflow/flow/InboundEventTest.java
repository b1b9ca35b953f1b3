package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InboundEventTest {

    private static final OwnershipSignal TAKEN =
            new OwnershipSignal(Owner.HUMAN, Instant.EPOCH, null, "human_message", false);

    @Test
    void it_is_the_same_as_another_that_says_the_same() {
        assertThat(event("{}", TAKEN)).isEqualTo(event("{}", TAKEN)).hasSameHashCodeAs(event("{}", TAKEN));
        assertThat(event("{}", TAKEN)).isNotEqualTo(event("{ }", TAKEN)).isNotEqualTo("{}");
        assertThat(event("{}", TAKEN))
                .isNotEqualTo(event("{}", new OwnershipSignal(Owner.BOT, Instant.EPOCH, null, "taken_back", false)));
    }

    @Test
    void one_that_says_nothing_is_refused() {
        assertThatThrownBy(() -> event("{}", null)).hasMessageContaining("nothing to keep");
    }

    private static InboundEvent event(String body, @Nullable OwnershipSignal signal) {
        return new InboundEvent(
                new ConversationId(new TenantId("hotel"), 1, 7),
                "message_created",
                List.of("key"),
                null,
                signal,
                false,
                null,
                List.of(),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
