package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Uuid7;
import io.github.almeidatech.wppflow.router.Classification;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events a turn leaves: enough to explain it later, and to remember the conversation by. */
final class TurnEvents {

    /** How each turn ended. */
    static final String COMPLETED = "turn.completed";
    /** The customer wants no more automatic messages. */
    static final String OPTED_OUT = "contact.opted_out";

    private TurnEvents() {}

    static Event completed(
            Turn turn,
            Heard heard,
            String outcome,
            Reason reason,
            String reply,
            List<KnowledgeAnswer.Source> sources,
            @Nullable Classification classification,
            Instant now) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("outcome", outcome);
        payload.put("reason", reason.word());
        payload.put("message_ids", turn.messages().stream().map(InboundMessage::messageId).toList());
        payload.put("heard", heard.text());
        payload.put("unreadable", heard.unreadable());
        payload.put("reply", reply);
        payload.put("sources", sources.stream().map(KnowledgeAnswer.Source::documentId).toList());
        if (classification != null) {
            payload.put("intent", classification.intent());
            payload.put("evidence", classification.evidence());
        }
        return event(turn, COMPLETED, payload, classification == null ? null : classification.confidence(), now);
    }

    static Event event(
            Turn turn, String type, Map<String, Object> payload, @Nullable Double confidence, Instant now) {
        return new Event(
                Uuid7.at(now),
                turn.conversation().tenant(),
                turn.conversation(),
                turn.messages().get(0).sender().personKey(),
                type,
                1,
                payload,
                Event.Source.BOT,
                confidence,
                turn.id(),
                0,
                now);
    }
}
