package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What another system wants done in one conversation, read from the first system's form:
 *
 * <pre>{@code
 * {"messages": ["Olá!", {"content": "Anotado.", "private": true},
 *               {"content": "A tabela", "attachment": "https://files.example.com/tabela.pdf"}],
 *  "persist": [{"table": "leads", "match": {"phone": "+55…"}, "fields": {"stage": "new"}}],
 *  "labels": {"add": ["vip"], "remove": ["novo"]},
 *  "contact_attributes": {"plano": "mensal"},
 *  "emit_events": [{"type": "lead.qualified", "payload": {"score": 7}}]}
 * }</pre>
 *
 * <p>{@code persist: true} is accepted and means nothing: everything is kept anyway. The commands are meant for the durable
 * outbox, so that a plan given twice with one idempotency key is carried out once. Immutable.
 *
 * @param commands in the order they are to be carried out: rows, labels, attributes, messages
 * @param messages how many of them are messages, files and notes
 * @param changesLabels whether one changes labels
 * @param changesAttributes whether one sets contact attributes
 * @param events to be written down
 * @param problems what is wrong with it; unless empty, the plan is not to be carried out
 */
public record ExecutionPlan(
        List<OutboundCommand> commands,
        int messages,
        boolean changesLabels,
        boolean changesAttributes,
        List<EmittedEvent> events,
        List<Problem> problems) {

    public ExecutionPlan {
        commands = List.copyOf(commands);
        events = List.copyOf(events);
        problems = List.copyOf(problems);
    }

    /** An event to be written down. The payload is plain data. */
    public record EmittedEvent(String type, Map<String, Object> payload) {
        @Override
        public String toString() {
            return "EmittedEvent[" + type + "]";
        }
    }

    /** One thing that is wrong: where, such as {@code labels.add[2]}, and what was wanted. Quotes no values. */
    public record Problem(String path, String wanted) {}

    /**
     * Reads a plan; never throws for what is in it.
     *
     * @param contactId Chatwoot's contact of the conversation, where it is known; attributes need it
     * @param files whether a file may be sent from an address
     */
    public static ExecutionPlan read(JsonNode plan, @Nullable Long contactId, Predicate<String> files) {
        return new ExecutionPlanReader(contactId, files).read(plan);
    }
}
