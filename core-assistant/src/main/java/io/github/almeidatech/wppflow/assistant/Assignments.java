package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.RoundRobin;
import io.github.almeidatech.wppflow.router.Route;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is called at a handoff. Of an intent's several people each has their turn: who was last stands in the event log, so
 * it survives restarts and holds for all instances. Two handoffs at the very same time may call the same person.
 */
final class Assignments {

    private static final int LOOKED_AT = 200;

    private final EventLog events;

    Assignments(EventLog events) {
        this.events = events;
    }

    /** Nobody in it leaves it to Chatwoot. */
    Assign of(Situation now) {
        AssistantSettings tenant = now.tenant();
        if (now.classification() != null) {
            Route route = tenant.router().route(now.intent());
            if (route.teamId() != null || !route.agentIds().isEmpty()) {
                return new Assign(next(now.turn().conversation().tenant(), route), route.teamId());
            }
        }
        return new Assign(tenant.handoffAgentId(), tenant.handoffTeamId());
    }

    private @Nullable Long next(TenantId tenant, Route route) {
        Long last = route.agentIds().size() < 2 ? null : last(tenant, route.intent());
        return RoundRobin.next(route.agentIds(), Set.copyOf(route.agentIds()), last)
                .orElse(null);
    }

    private @Nullable Long last(TenantId tenant, String intent) {
        var query = new EventQuery(tenant, null, null, TurnEvents.ASSIGNED, null, null, LOOKED_AT, null);
        for (Event event : events.query(query).events()) {
            if (intent.equals(event.payload().get("intent"))
                    && event.payload().get("agent_id") instanceof Number agent) {
                return agent.longValue();
            }
        }
        return null;
    }
}
