package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TypingSignsTest {

    private static final ConversationId ANA = ConversationId.of(new TenantId("pet-hotel"), "1/7");
    private static final ConversationId BIA = ConversationId.of(new TenantId("pet-hotel"), "1/8");

    private final List<String> shown = new CopyOnWriteArrayList<>();

    @Test
    void an_answer_that_is_there_within_a_moment_is_not_announced() {
        try (var signs = signs(Duration.ofHours(1))) {
            signs.typing(ANA, true);
            signs.typing(ANA, false);
            signs.typing(BIA, false);

            assertThat(shown).isEmpty();
        }
    }

    @Test
    void an_answer_that_takes_a_while_is_announced_and_its_end_is_shown() {
        try (var signs = signs(Duration.ZERO)) {
            signs.typing(ANA, true);
            await().until(() -> shown.contains("1/7 on"));
            signs.typing(ANA, false);

            await().untilAsserted(() -> assertThat(shown).containsExactly("1/7 on", "1/7 off"));
        }
    }

    @Test
    void a_second_announcement_takes_the_place_of_the_first() {
        try (var signs = signs(Duration.ofHours(1))) {
            signs.typing(ANA, true);
            signs.typing(ANA, true);
            signs.typing(ANA, false);
            signs.typing(ANA, false);

            assertThat(shown).isEmpty();
        }
    }

    @Test
    void after_the_end_nothing_is_shown_and_nobody_fails() {
        var signs = signs(Duration.ZERO);
        signs.close();

        signs.typing(ANA, true);
        signs.typing(ANA, false);

        assertThat(shown).isEmpty();
    }

    private TypingSigns signs(Duration after) {
        return new TypingSigns((conversation, on) -> shown.add(conversation.key() + (on ? " on" : " off")), after);
    }
}
