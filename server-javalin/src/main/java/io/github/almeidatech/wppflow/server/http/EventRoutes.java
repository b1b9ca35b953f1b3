package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Uuid7;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** M5 over HTTP: write down what happened elsewhere, and read what happened. */
final class EventRoutes implements RouteGroup {

    private static final int DEFAULT_LIMIT = 100;

    private final Tenants tenants;
    private final EventLog events;
    private final Contacts contacts;
    private final InstantSource clock;
    private final int maxBytes;
    private final Function<ConversationId, Optional<String>> people;

    /** @param people the key of who writes in a conversation, as far as it is known */
    EventRoutes(
            Tenants tenants,
            EventLog events,
            Contacts contacts,
            Function<ConversationId, Optional<String>> people,
            InstantSource clock,
            int maxBytes) {
        this.people = people;
        this.tenants = tenants;
        this.events = events;
        this.contacts = contacts;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/events/log", this::append, Access.WRITE);
        routes.get("/api/v1/events", this::list, Access.READ);
    }

    /** An event. Giving its id makes the call safe to repeat. */
    record NewEvent(
            @Nullable String tenantId,

            @Nullable @Pattern(regexp = "[A-Za-z0-9._:-]{1,64}")
            String id,

            @NotNull
            @Pattern(
                    regexp = "(?!operator\\.)[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*",
                    message =
                            "such as order.paid, and not operator.*: what operators did is written by the server alone")
            @Size(max = 100)
            String eventType,

            @Nullable @Size(max = 100) String contactId,
            @Nullable @Min(1) Long conversationId,
            @Nullable Map<String, Object> payload,

            @Nullable
            @DecimalMin(value = "0", message = "0 to 1 wanted")
            @DecimalMax(value = "1", message = "0 to 1 wanted")
            Double confidence,

            @Nullable @Size(max = 100) String causeId,
            @Nullable @Min(0) @Max(100) Integer depth) {}

    private void append(Context ctx) {
        NewEvent body = Body.read(ctx, NewEvent.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        Instant now = clock.instant();
        Map<String, Object> payload = new LinkedHashMap<>(body.payload() == null ? Map.of() : body.payload());
        if (body.contactId() != null) {
            payload.put("contact_id", body.contactId());
        }
        ConversationId conversation = body.conversationId() == null
                ? null
                : new ConversationId(tenant.id(), tenant.account(), body.conversationId());
        var event = new Event(
                body.id() == null ? Uuid7.at(now) : body.id(),
                tenant.id(),
                conversation,
                personKey(tenant, body.contactId(), conversation),
                body.eventType(),
                1,
                payload,
                Event.Source.SYSTEM,
                body.confidence(),
                body.causeId(),
                body.depth() == null ? 0 : body.depth(),
                now);
        events.append(List.of(event));
        Envelope.ok(ctx, view(event));
    }

    /** So that policies know whom it is about, and it is found when the person asks for it, or wants it erased. */
    private @Nullable String personKey(
            Tenants.Tenant tenant, @Nullable String contactId, @Nullable ConversationId conversation) {
        if (contactId == null) {
            return conversation == null ? null : people.apply(conversation).orElse(null);
        }
        return contacts.findById(tenant.id(), contactId).stream()
                .flatMap(People::keysOf)
                .findFirst()
                .orElse(null);
    }

    private void list(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
        int limit = (int) Query.number(ctx, "limit", 1, 1_000, DEFAULT_LIMIT);
        EventPage page;
        try {
            page = events.query(query(ctx, tenant, contacts, limit, ctx.queryParam("cursor")));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("cursor", "not a cursor of this list");
        }
        var data = new LinkedHashMap<String, Object>();
        data.put("events", page.events().stream().map(EventRoutes::view).toList());
        data.put("next_cursor", page.nextCursor());
        Envelope.ok(ctx, data);
    }

    /** What a request's filters want: conversation, person with all numbers, type and time. */
    static EventQuery query(Context ctx, Tenants.Tenant tenant, Contacts contacts, int limit, @Nullable String cursor) {
        Long conversation = Query.number(ctx, "conversation_id", 1, Long.MAX_VALUE);
        List<String> keys = keys(ctx, tenant, contacts);
        return new EventQuery(
                tenant.id(),
                conversation == null ? null : new ConversationId(tenant.id(), tenant.account(), conversation),
                keys.isEmpty() ? null : keys.get(0),
                Set.copyOf(keys.subList(Math.min(1, keys.size()), keys.size())),
                ctx.queryParam("event_type"),
                Query.instant(ctx, "from"),
                Query.instant(ctx, "to"),
                limit,
                cursor);
    }

    /** Of the person asked about; empty when nobody is. */
    private static List<String> keys(Context ctx, Tenants.Tenant tenant, Contacts contacts) {
        String phone = ctx.queryParam("phone");
        String contact = ctx.queryParam("contact_id");
        if (phone != null && contact != null) {
            throw ApiException.invalid("contact_id", "phone or contact_id wanted, not both");
        }
        if (contact == null) {
            return phone == null ? List.of() : People.keysOf(phone, tenant, contacts);
        }
        List<String> keys = contacts.findById(tenant.id(), contact).stream()
                .flatMap(People::keysOf)
                .toList();
        if (keys.isEmpty()) {
            throw new ApiException(ApiError.ERR_CONTACT_NOT_FOUND, Map.of("field", "contact_id"));
        }
        return keys;
    }

    static Map<String, Object> view(Event event) {
        var data = new LinkedHashMap<String, Object>();
        data.put("id", event.id());
        data.put("tenant_id", event.tenant().value());
        data.put(
                "conversation_id",
                event.conversation() == null
                        ? null
                        : String.valueOf(event.conversation().number()));
        data.put("contact_id", event.payload().get("contact_id"));
        data.put("event_type", event.type());
        data.put("version", event.version());
        data.put("payload", event.payload());
        data.put("source", event.source().name().toLowerCase(java.util.Locale.ROOT));
        data.put("confidence", event.confidence());
        data.put("cause_id", event.causeId());
        data.put("depth", event.depth());
        data.put("timestamp", event.at().toEpochMilli());
        return data;
    }
}
