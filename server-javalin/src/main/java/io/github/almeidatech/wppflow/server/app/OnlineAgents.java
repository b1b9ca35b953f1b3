package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.assistant.Availability;
import io.github.almeidatech.wppflow.chatwoot.AccountSetup;
import io.github.almeidatech.wppflow.chatwoot.ChatwootException;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Tenants;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is online by Chatwoot, asked at most every half minute. Needs the user token; without one, and when Chatwoot fails,
 * everybody counts as there. Busy people are not online.
 */
final class OnlineAgents implements Availability {

    private static final Logger log = LoggerFactory.getLogger(OnlineAgents.class);
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Tenants tenants;
    private final InstantSource clock;
    private final Map<TenantId, Seen> seen = new ConcurrentHashMap<>();

    /** Nobody is known of when Chatwoot did not say: its failing must not hold up every handoff. */
    private record Seen(Instant at, @Nullable Set<Long> online) {}

    OnlineAgents(Tenants tenants, InstantSource clock) {
        this.tenants = tenants;
        this.clock = clock;
    }

    @Override
    public Set<Long> of(TenantId tenant, List<Long> agents) {
        var client = tenants.get(tenant).chatwoot();
        if (!client.hasUserToken()) {
            return Set.copyOf(agents);
        }
        Instant now = clock.instant();
        Seen last = seen.get(tenant);
        if (last == null || now.isBefore(last.at()) || !now.isBefore(last.at().plus(FRESH))) {
            last = new Seen(now, online(tenant, client.setup()));
            seen.put(tenant, last);
        }
        Set<Long> online = last.online();
        return online == null
                ? Set.copyOf(agents)
                : agents.stream().filter(online::contains).collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Set<Long> online(TenantId tenant, AccountSetup chatwoot) {
        try {
            return chatwoot.agents()
                    .valueStream()
                    .filter(agent ->
                            "online".equals(agent.path("availability_status").asText()))
                    .map(agent -> agent.path("id").asLong())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (ChatwootException e) {
            log.warn("who is online is not known to tenant {}; everybody has their turn", tenant, e);
            return null;
        }
    }
}
