package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Utterance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SituationTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String QUESTION = "quanto custa a diária de gato?";

    private final Router router = Router.builder().build();
    private final Classification heardAs = router.classify(Utterance.of(QUESTION));

    private Situation after(History.Exchange... earlier) {
        var conversation = new ConversationId(new TenantId("hotel"), 1, 7);
        var message = new InboundMessage(
                conversation, 1, 4L, NOW, ContentType.TEXT, QUESTION, List.of(), Sender.UNKNOWN, null);
        var turn = new Turn(conversation, "turn-1", List.of(message), 1, 0, 0, NOW.plusSeconds(60), "token", 1);
        var tenant = AssistantSettings.builder(new Phrases("Hotel Patas", Map.of()), router)
                .build();
        var heard = new Heard(QUESTION, List.of(), List.of());
        return new Situation(turn, tenant, heard, null, new History(List.of(earlier)), heardAs, NOW);
    }

    @Test
    void what_was_understood_at_the_beginning_is_not_found_out_again() {
        assertThat(after().byItself(QUESTION)).isSameAs(heardAs);
    }

    @Test
    void each_part_of_it_is_understood_once() {
        Situation now = after();

        Classification first = now.byItself("obrigado!");

        assertThat(first.thanksOnly()).isTrue();
        assertThat(now.byItself("obrigado!")).isSameAs(first);
    }

    @Test
    void what_was_understood_from_earlier_words_does_not_count_by_itself() {
        Situation now = after(new History.Exchange("oi", "Olá!", "greeting", "general", NOW));

        assertThat(now.byItself(QUESTION))
                .isNotSameAs(heardAs)
                .isEqualTo(router.classifyOffline(Utterance.of(QUESTION)));
    }
}
