package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.Uuid7;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events a turn leaves: enough to explain it later, and to remember the conversation by. */
final class TurnEvents {

    /** How each turn ended. */
    static final String COMPLETED = "turn.completed";
    /** An answer that was found and not said, because a person took over; written by the flow. */
    static final String SILENCED = "turn.silenced";
    /** The customer wrote more before the answer was there; written by the flow. */
    static final String SUPERSEDED = "turn.superseded";
    /** The customer wants no more automatic messages. */
    static final String OPTED_OUT = "contact.opted_out";

    static final String OPTED_IN = "contact.opted_in";

    /** A person was called; of several, whose turn it was. */
    static final String ASSIGNED = "conversation.assigned";
    /** A question the knowledge base could not answer. */
    static final String UNANSWERED = "knowledge.unanswered";

    private TurnEvents() {}

    static Event assigned(Situation now, Assign assign) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("intent", now.intent());
        payload.put("agent_id", assign.agentId());
        if (assign.teamId() != null) {
            payload.put("team_id", assign.teamId());
        }
        return event(now, ASSIGNED, payload, null);
    }

    static Event unanswered(Situation now, Findings.Unanswered missing) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("question", missing.question());
        payload.put("language", now.language().tag());
        if (!missing.nearest().isEmpty()) {
            payload.put("nearest_document", missing.nearest().get(0).documentId());
        }
        return event(now, UNANSWERED, payload, null);
    }

    static Event completed(
            Situation now, String outcome, Reason reason, String reply, List<KnowledgeAnswer.Source> sources) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("outcome", outcome);
        payload.put("reason", reason.word());
        payload.put(
                "message_ids",
                now.turn().messages().stream().map(InboundMessage::messageId).toList());
        payload.put("heard", now.heard().text());
        payload.put("unreadable", now.heard().unreadable());
        payload.put("reply", reply);
        payload.put(
                "sources",
                sources.stream().map(KnowledgeAnswer.Source::passageId).toList());
        Classification heardAs = now.classification();
        if (heardAs != null) {
            payload.put("intent", now.intent());
            payload.put("evidence", heardAs.evidence());
            payload.put("language", heardAs.language().tag());
            payload.put("route", route(now));
        }
        now.trail().writeTo(payload);
        return event(now, COMPLETED, payload, heardAs == null ? null : heardAs.confidence());
    }

    /** The same events; the one that tells how the turn ended tells what is to be done as well. */
    static List<Event> tellingOf(List<OutboundCommand> commands, List<Event> events) {
        return events.stream()
                .map(event -> event.type().equals(COMPLETED) ? tellingOf(commands, event) : event)
                .toList();
    }

    private static Event tellingOf(List<OutboundCommand> commands, Event completed) {
        Map<String, Object> payload = new LinkedHashMap<>(completed.payload());
        payload.put(
                "commands",
                commands.stream()
                        .map(command -> command.summary(completed.at()))
                        .toList());
        return completed.with(payload);
    }

    private static Map<String, Object> route(Situation now) {
        Route route = now.tenant().router().route(now.intent());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("bot", route.bot());
        facts.put("mode", route.mode().name().toLowerCase(Locale.ROOT));
        facts.put("labels", route.labels());
        return facts;
    }

    static Event event(Situation now, String type, Map<String, Object> payload, @Nullable Double confidence) {
        return new Event(
                Uuid7.at(now.now()),
                now.turn().conversation().tenant(),
                now.turn().conversation(),
                now.newest().sender().personKey(),
                type,
                1,
                payload,
                Event.Source.BOT,
                confidence,
                now.turn().id(),
                0,
                now.now());
    }
}
