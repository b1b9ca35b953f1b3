package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnCostsTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final ConversationId CONVERSATION = new ConversationId(new TenantId("pet-hotel"), 1, 7);

    @Test
    void a_turn_of_which_a_part_was_answered_before_costs_once() {
        TurnHandler handler = new TurnHandler() {
            @Override
            public TurnResult answer(Turn turn) {
                return new TurnResult(
                        List.of(), List.of(completed("known"), completed("answered"), event("asked", "x")), null);
            }

            @Override
            public TurnResult giveUp(Turn turn, RuntimeException failure) {
                return answer(turn);
            }
        };

        TurnResult result =
                new TurnCosts().of(handler, payer -> new Amount(100, 2_000_000)).answer(turn());

        assertThat(result.events()).extracting(Event::id).containsExactly("known", "answered", "asked");
        assertThat(result.events())
                .filteredOn(event -> event.payload().containsKey("cost"))
                .extracting(Event::id)
                .containsExactly("answered");
    }

    private static Event completed(String id) {
        return event(id, "turn.completed");
    }

    private static Event event(String id, String type) {
        return new Event(
                id,
                CONVERSATION.tenant(),
                CONVERSATION,
                null,
                type,
                1,
                Map.of(),
                Event.Source.SYSTEM,
                null,
                null,
                0,
                NOW);
    }

    private static Turn turn() {
        var sender = new Sender(5L, "Ana Exemplo", "5511990000009", "+5511990000009", "phone:+5511990000009");
        var message = new InboundMessage(CONVERSATION, 7, 1L, NOW, ContentType.TEXT, "oi", List.of(), sender, null);
        return new Turn(CONVERSATION, "turn-1", List.of(message), 1, 0, 1, NOW, "token", 1);
    }
}
