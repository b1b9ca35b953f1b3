package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.assistant.Reason;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.EventPolicies;
import io.github.almeidatech.wppflow.jdbc.Restoration;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to be done after a restore from a backup: of each tenant, Chatwoot is looked through once from where the backup ends,
 * however long ago that is. Begin and end are events, so a restart goes on with it, and any instance can end it. Thread-safe.
 */
public final class Reconciliation {

    private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

    /** Marks events of messages that were found again, and may have been dealt with before. */
    static final String BEFORE_RESTORE = "before_restore";

    private static final String RESTORED = "operator.restored";
    private static final String RECONCILED = "operator.reconciled";

    /** How long what could not be looked through is spoken of. */
    private static final Duration REMINDER = Duration.ofDays(1);

    private final @Nullable Restoration restoration;
    private final EventLog events;
    private final InstantSource clock;
    private final Map<TenantId, Boolean> open = new ConcurrentHashMap<>();
    /** Ends with something unread. */
    private final Map<TenantId, Event> incomplete = new ConcurrentHashMap<>();

    /** @param restoration null when the database never was restored */
    public Reconciliation(@Nullable Restoration restoration, Tenants tenants, EventLog events, InstantSource clock) {
        this.restoration = restoration;
        this.events = events;
        this.clock = clock;
        if (restoration == null || restoration.knownUntil() == null) {
            return;
        }
        for (Tenants.Tenant tenant : tenants.all()) {
            boolean canBe = tenant.chatwoot().hasUserToken()
                    && !tenant.config().chatwoot().catchUpEvery().isZero();
            if (isWithinReach(tenant, restoration)) {
                events.find(tenant.id(), idOf(RECONCILED, tenant.id(), restoration))
                        .ifPresentOrElse(this::ended, () -> open.put(tenant.id(), canBe));
            }
        }
    }

    /** What was in the backup is known by its keys only as long as these are kept. */
    private boolean isWithinReach(Tenants.Tenant tenant, Restoration restoration) {
        return restoration
                .at()
                .isAfter(clock.instant().minus(tenant.config().retention().keys()));
    }

    /** Writes down that it has begun; repeating it changes nothing. */
    public void begin() {
        if (restoration != null) {
            open.keySet().forEach(tenant -> events.append(List.of(event(RESTORED, tenant, restoration, Map.of()))));
        }
    }

    /** Whether anybody's Chatwoot is still to be looked through. */
    public boolean isOpen() {
        return open.containsValue(true);
    }

    /** From when on a tenant's Chatwoot is still to be looked through; empty when it need not be. */
    public Optional<Instant> since(TenantId tenant) {
        return open.containsKey(tenant) && restoration != null
                ? Optional.ofNullable(restoration.knownUntil())
                : Optional.empty();
    }

    /**
     * A tenant's Chatwoot was looked through.
     *
     * @param found how many messages were new
     * @param failed how many conversations could not be read
     */
    public void end(TenantId tenant, int found, int failed) {
        if (restoration != null && open.containsKey(tenant)) {
            Event end = event(RECONCILED, tenant, restoration, Map.of("found", found, "failed", failed));
            events.append(List.of(end));
            ended(end);
            log.info(
                    "tenant {}: Chatwoot was looked through since the backup, {} messages were found, {} conversations could"
                            + " not be read",
                    tenant,
                    found,
                    failed);
            open.remove(tenant);
        }
    }

    private void ended(Event end) {
        if (unread(end) > 0) {
            incomplete.put(end.tenant(), end);
        }
    }

    private static int unread(Event end) {
        return end.payload().get("failed") instanceof Number failed ? failed.intValue() : 0;
    }

    /** Whether the database that was lost may have dealt with what was sent then. */
    public boolean isDoubtful(Instant sentAt) {
        return restoration != null && sentAt.isBefore(Restored.doubtfulBefore(restoration));
    }

    /** The same policies, which are not asked again about what they may have acted on before. */
    public EventPolicies onceOnly(EventPolicies policies) {
        return (happened, now) -> {
            List<Event> news = happened.stream().filter(event -> !isOld(event)).toList();
            return news.isEmpty() ? PolicyPlan.NOTHING : policies.decide(news, now);
        };
    }

    private static boolean isOld(Event event) {
        return event.payload().containsKey(BEFORE_RESTORE)
                || Reason.ANSWERED_BEFORE_RESTORE.word().equals(event.payload().get("reason"));
    }

    /** {@code ok}, or what is left of which tenants. */
    public String wellness(Predicate<TenantId> shown) {
        if (restoration == null) {
            return "ok";
        }
        Instant recently = clock.instant().minus(REMINDER);
        var left = new ArrayList<String>();
        String looked = namesOf(true, shown);
        if (!looked.isEmpty()) {
            left.add("looking through Chatwoot: " + looked);
        }
        String not = namesOf(false, shown);
        if (!not.isEmpty() && !restoration.at().isBefore(recently)) {
            left.add("cannot be looked through without user_token and catch_up_every: " + not);
        }
        incomplete.values().stream()
                .filter(end -> shown.test(end.tenant()) && !end.at().isBefore(recently))
                .map(end -> unread(end) + " conversations of " + end.tenant() + " could not be read")
                .sorted()
                .forEach(left::add);
        return left.isEmpty()
                ? "ok"
                : "restored at " + restoration.at() + ", known until " + restoration.knownUntil() + "; "
                        + String.join("; ", left);
    }

    private String namesOf(boolean canBe, Predicate<TenantId> shown) {
        return open.entrySet().stream()
                .filter(each -> each.getValue() == canBe && shown.test(each.getKey()))
                .map(each -> each.getKey().value())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private Event event(String type, TenantId tenant, Restoration of, Map<String, Object> more) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("by", "restore");
        payload.put("restored_at", of.at().toString());
        payload.put("known_until", String.valueOf(of.knownUntil()));
        payload.putAll(more);
        return new Event(
                idOf(type, tenant, of),
                tenant,
                null,
                null,
                type,
                1,
                payload,
                Event.Source.SYSTEM,
                null,
                null,
                0,
                clock.instant());
    }

    private static String idOf(String type, TenantId tenant, Restoration of) {
        String key = tenant + "/" + type + "/" + of.at().toEpochMilli();
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
