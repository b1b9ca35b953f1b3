import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyContext;
import io.github.almeidatech.wppflow.eventlog.PolicyEngine;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** M5: what happened, written down once, and a policy that acts on it. */
final class Example {

    public static void main(String[] args) {
        var tenant = new TenantId("pet-hotel");
        var now = Instant.now();
        var turn = new Event(
                Uuid7.at(now), tenant, new ConversationId(tenant, 1, 88), null, "turn.completed", 1,
                Map.of("intent", "complaint"), Event.Source.CUSTOMER, null, null, 0, now);
        var log = new InMemoryEventLog();
        log.append(List.of(turn));
        Object written = Map.of("policies", List.of(Map.of(
                "id", "complaints",
                "version", 1,
                "event", "turn.completed",
                "when", Map.of("==", List.of(Map.of("var", "intent"), "complaint")),
                "then", List.of(Map.of("labels", Map.of("add", List.of("reclamacao")))))));
        Policies policies = Policies.parse(written).match(valid -> valid, problems -> {
            throw new IllegalArgumentException(problems.toString());
        });

        var plan = new PolicyEngine(policies).decide(List.of(turn), PolicyContext.at(now));

        System.out.println(log.query(EventQuery.of(tenant, 10)).events().size() + " event, " + plan.commands());
    }
}
