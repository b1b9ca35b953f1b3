package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.RoundRobin;
import io.github.almeidatech.wppflow.router.Route;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is called at a handoff. Of an intent's several people who are there each has their turn: who was last stands in the
 * event log, so it survives restarts and holds for all instances. When nobody is there, it is the next one's turn anyway.
 * Two handoffs at the very same time may call the same person.
 */
final class Assignments {

    private static final int LOOKED_AT = 200;

    private final EventLog events;

    private final Availability availability;

    Assignments(EventLog events, Availability availability) {
        this.events = events;
        this.availability = availability;
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
        List<Long> agents = route.agentIds();
        if (agents.size() < 2) {
            return agents.isEmpty() ? null : agents.get(0);
        }
        Set<Long> there = availability.of(tenant, agents);
        Long last = last(tenant, route.intent());
        return RoundRobin.next(agents, there, last)
                .or(() -> RoundRobin.next(agents, Set.copyOf(agents), last))
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
