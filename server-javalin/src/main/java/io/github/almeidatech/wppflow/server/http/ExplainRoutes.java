package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.Ownership;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.jdbc.IgnoredDelivery;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.explain.Explainer;
import io.github.almeidatech.wppflow.server.explain.Explanation;
import io.github.almeidatech.wppflow.server.explain.TurnStory;
import io.github.almeidatech.wppflow.server.explain.Verdict;
import io.github.almeidatech.wppflow.server.explain.Words;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a conversation, or one message, went as it did: in plain sentences and with everything that is known. */
final class ExplainRoutes implements RouteGroup {

    private static final int DEFAULT_LIMIT = 200;
    /** What of a decision is shown beside its reason, in this order. */
    private static final List<String> DECISION = List.of(
            "intent",
            "language",
            "evidence",
            "route",
            "bot",
            "unreadable",
            "heard",
            "reply",
            "sources",
            "passages",
            "questions",
            "knowledge_confidence",
            "embedding",
            "model",
            "cost");

    private final Tenants tenants;
    private final Explainer explainer;
    private final Contacts contacts;
    private final InstantSource clock;

    ExplainRoutes(Tenants tenants, Explainer explainer, Contacts contacts, InstantSource clock) {
        this.tenants = tenants;
        this.explainer = explainer;
        this.contacts = contacts;
        this.clock = clock;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/api/v1/explain", this::explain, Access.READ);
    }

    private void explain(Context ctx) {
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
        Long conversation = Query.number(ctx, "conversation_id", 1, Long.MAX_VALUE);
        Long message = Query.number(ctx, "message_id", 1, Long.MAX_VALUE);
        int limit = (int) Query.number(ctx, "limit", 1, 1_000, DEFAULT_LIMIT);
        String phone = ctx.queryParam("phone");
        if (conversation == null && message == null && phone == null) {
            throw ApiException.missing("conversation_id");
        }
        Explanation explanation = message == null
                ? explainer.ofConversation(
                        conversation == null && phone != null ? ofPerson(tenant, phone) : id(tenant, conversation),
                        limit)
                : ofMessage(tenant, conversation, message);
        String asked = ctx.header("Accept-Language");
        var words = new Words(
                Language.ofTag(asked == null ? "" : asked.strip()),
                ZoneId.of(tenant.config().timeZone()));
        Map<String, Object> data = view(explanation, words);
        data.put("spent_today", spent(explanation.spentToday(), tenant.config().models()));
        Envelope.ok(ctx, data);
    }

    private Explanation ofMessage(Tenants.Tenant tenant, @Nullable Long conversation, long message) {
        ConversationId id = conversation == null
                ? explainer.conversationOf(tenant.id(), message).orElseThrow(ExplainRoutes::notFound)
                : id(tenant, conversation);
        return explainer.ofMessage(id, message).orElseThrow(ExplainRoutes::notFound);
    }

    /** The person's latest conversation, whichever of their numbers it was had with. */
    private ConversationId ofPerson(Tenants.Tenant tenant, String phone) {
        return explainer
                .latestOf(tenant.id(), People.keysOf(phone, tenant, contacts))
                .orElseThrow(() -> new ApiException(ApiError.ERR_NOT_FOUND, Map.of("field", "phone")));
    }

    private static ConversationId id(Tenants.Tenant tenant, @Nullable Long conversation) {
        return new ConversationId(tenant.id(), tenant.account(), conversation == null ? 0 : conversation);
    }

    private static ApiException notFound() {
        return new ApiException(ApiError.ERR_NOT_FOUND, Map.of("field", "message_id"));
    }

    private Map<String, Object> view(Explanation explanation, Words words) {
        var data = new LinkedHashMap<String, Object>();
        data.put("conversation_id", String.valueOf(explanation.conversation().number()));
        data.put("message_id", explanation.messageId());
        data.put("sentence", words.of(explanation.verdict()));
        data.put("verdict", view(explanation.verdict()));
        data.put("owner", owner(explanation, words));
        data.put("waiting", waiting(explanation.state()));
        data.put(
                "turns",
                explanation.turns().stream().map(turn -> view(turn, words)).toList());
        data.put(
                "timeline",
                explanation.timeline().stream()
                        .map(event -> view(event, explanation.policies(), words))
                        .toList());
        data.put(
                "ignored",
                explanation.ignored().stream().map(each -> view(each, words)).toList());
        data.put("complete", explanation.complete());
        return data;
    }

    private static Map<String, Object> spent(SpendLedger.Amount amount, Config.Models most) {
        var data = new LinkedHashMap<String, Object>();
        data.put("tokens", amount.tokens());
        data.put("dollars", BigDecimal.valueOf(amount.micros(), 6));
        data.put("max_tokens", most.tokensPerConversation());
        data.put("max_dollars", most.dollarsPerConversation());
        return data;
    }

    private static Map<String, Object> view(Verdict verdict) {
        var data = new LinkedHashMap<String, Object>();
        data.put("code", verdict.code().word());
        data.put("message_id", verdict.messageId());
        data.put("reason", verdict.reason());
        data.put("at", millis(verdict.at()));
        data.put("attempts", verdict.attempts());
        data.put("failed", verdict.failed());
        return data;
    }

    private Map<String, Object> owner(Explanation explanation, Words words) {
        Ownership ownership = explanation.state().ownership();
        String owner = ownership.effective(clock.instant()).name().toLowerCase(Locale.ROOT);
        boolean ended = !owner.equals(ownership.owner().name().toLowerCase(Locale.ROOT));
        Instant until = ended ? null : ownership.until();
        var data = new LinkedHashMap<String, Object>();
        data.put("owner", owner);
        data.put("reason", ownership.reason());
        data.put("since", ownership.at().equals(Instant.EPOCH) ? null : millis(ownership.at()));
        data.put("until", millis(until));
        data.put("sentence", words.owner(owner, ownership.reason(), explanation.called(), until));
        return data;
    }

    private static Map<String, Object> waiting(ConversationState state) {
        var data = new LinkedHashMap<String, Object>();
        data.put("message_ids", state.waitingMessages());
        data.put("turn_due", millis(state.turnDue()));
        data.put("turn_attempts", state.turnAttempts());
        data.put("superseded", state.supersedes());
        data.put("commands", state.commands().stream().map(ExplainRoutes::view).toList());
        return data;
    }

    private static Map<String, Object> view(WaitingCommand command) {
        var data = new LinkedHashMap<String, Object>();
        data.put("command", FlowEvents.word(command.command()));
        data.put("turn_id", command.turnId());
        data.put("attempts", command.attempts());
        data.put("due", millis(command.due()));
        data.put("unclear_since", millis(command.unclearSince()));
        return data;
    }

    private static Map<String, Object> view(TurnStory turn, Words words) {
        Map<String, Object> decided = turn.decided().payload();
        var data = new LinkedHashMap<String, Object>();
        data.put("turn_id", turn.turnId());
        data.put("at", millis(turn.decided().at()));
        data.put("message_ids", decided.get("message_ids"));
        data.put("outcome", decided.get("outcome"));
        data.put("reason", decided.get("reason"));
        data.put("confidence", turn.decided().confidence());
        DECISION.forEach(key -> {
            if (decided.containsKey(key)) {
                data.put(key, decided.get(key));
            }
        });
        data.put(
                "policies",
                turn.policies().stream().map(policy -> view(policy, words)).toList());
        data.put("commands", views(turn.commands(), words));
        return data;
    }

    private static Map<String, Object> view(TurnStory.PolicyStory policy, Words words) {
        var data = new LinkedHashMap<String, Object>(policy.event().payload());
        data.put("id", policy.event().id());
        data.put("cause_id", policy.event().causeId());
        data.put("at", millis(policy.event().at()));
        data.put("time", words.at(policy.event().at()));
        data.put("results", views(policy.results(), words));
        return data;
    }

    private static List<Map<String, Object>> views(List<TurnStory.CommandStory> commands, Words words) {
        return commands.stream().map(command -> view(command, words)).toList();
    }

    private static Map<String, Object> view(TurnStory.CommandStory command, Words words) {
        var data = new LinkedHashMap<String, Object>();
        data.put("key", command.key());
        data.put("command", command.command());
        data.put("state", command.fate().name().toLowerCase(Locale.ROOT));
        data.put("reason", command.reason());
        data.put("at", millis(command.at()));
        data.put("time", words.at(command.at()));
        data.put("attempts", command.attempts());
        return data;
    }

    private static Map<String, Object> view(Event event, Map<String, String> policies, Words words) {
        String policy = event.causeId() == null ? null : policies.get(event.causeId());
        var data = new LinkedHashMap<String, Object>();
        data.put("at", millis(event.at()));
        data.put("time", words.at(event.at()));
        data.put("event_type", event.type());
        data.put("source", event.source().name().toLowerCase(Locale.ROOT));
        data.put("sentence", words.of(event, policy));
        data.put("policy", policy);
        data.put("id", event.id());
        data.put("cause_id", event.causeId());
        return data;
    }

    private static Map<String, Object> view(IgnoredDelivery ignored, Words words) {
        var data = new LinkedHashMap<String, Object>();
        data.put("event", ignored.event());
        data.put("reason", ignored.reason());
        data.put("deliveries", ignored.deliveries());
        data.put("first_at", millis(ignored.first()));
        data.put("last_at", millis(ignored.last()));
        data.put("last_message_id", ignored.lastMessage());
        data.put("sentence", words.ignored(ignored.event(), ignored.deliveries(), ignored.reason(), ignored.last()));
        return data;
    }

    private static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : at.toEpochMilli();
    }
}
