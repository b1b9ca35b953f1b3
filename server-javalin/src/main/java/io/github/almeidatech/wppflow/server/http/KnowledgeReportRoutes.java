package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.NearDuplicate;
import io.github.almeidatech.wppflow.knowledge.StoredDocument;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeUpkeep;
import io.github.almeidatech.wppflow.server.knowledge.UnansweredQuestions;
import io.github.almeidatech.wppflow.server.log.Masking;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an owner wants to know of the knowledge base: what is in it, what is in it twice, what is missing in it. */
final class KnowledgeReportRoutes implements RouteGroup {

    /** Long numbers, however they are written: phones, documents, cards. */
    private static final Pattern LONG_NUMBER = Pattern.compile("\\d(?:[ .()/-]{0,2}\\d){6,}");

    private final Tenants tenants;
    private final KnowledgeBase knowledge;
    private final KnowledgeUpkeep upkeep;
    private final UnansweredQuestions unanswered;
    private final int maxBytes;

    KnowledgeReportRoutes(
            Tenants tenants,
            KnowledgeBase knowledge,
            KnowledgeUpkeep upkeep,
            UnansweredQuestions unanswered,
            int maxBytes) {
        this.tenants = tenants;
        this.knowledge = knowledge;
        this.upkeep = upkeep;
        this.unanswered = unanswered;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/api/v1/knowledge-base/documents", this::list, Access.READ);
        routes.get("/api/v1/knowledge-base/duplicates", this::duplicates, Access.READ);
        routes.get("/api/v1/knowledge/unanswered", this::unanswered, Access.READ);
        routes.post("/api/v1/knowledge/unanswered/{id}/resolve", this::resolve, Access.WRITE);
        routes.post("/api/v1/knowledge/unanswered/{id}/dismiss", this::dismiss, Access.WRITE);
    }

    private void list(Context ctx) {
        Tenants.Tenant tenant = named(ctx);
        var data = new LinkedHashMap<String, Object>();
        data.put(
                "documents",
                knowledge.documents(tenant.id()).stream()
                        .map(KnowledgeReportRoutes::document)
                        .toList());
        data.put(
                "files_failed",
                upkeep.problems(tenant.id()).entrySet().stream()
                        .map(each -> Map.of("file", each.getKey(), "problem", each.getValue()))
                        .toList());
        Envelope.ok(ctx, data);
    }

    private static Map<String, Object> document(StoredDocument stored) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", stored.document().id());
        data.put("title", stored.document().title());
        data.put("domain", stored.document().domain());
        data.put("characters", stored.document().content().length());
        data.put("version", stored.version());
        data.put("updated_at", stored.updatedAt().toString());
        return plain(data);
    }

    private void duplicates(Context ctx) {
        List<NearDuplicate> found = knowledge.nearDuplicates(named(ctx).id());
        Envelope.ok(
                ctx,
                Map.of(
                        "pairs",
                        found.stream()
                                .map(each -> Map.of(
                                        "first", each.first(),
                                        "second", each.second(),
                                        "similarity", each.similarity()))
                                .toList()));
    }

    private void unanswered(Context ctx) {
        Tenants.Tenant tenant = named(ctx);
        Envelope.ok(
                ctx,
                Map.of(
                        "questions",
                        unanswered.open(tenant.id()).stream()
                                .map(each -> question(tenant, each))
                                .toList()));
    }

    private static Map<String, Object> question(Tenants.Tenant tenant, UnansweredQuestions.Question asked) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", asked.id());
        data.put("question", masked(asked.texts().get(0)));
        data.put(
                "examples",
                asked.texts().stream().map(KnowledgeReportRoutes::masked).toList());
        data.put("count", asked.count());
        data.put("first_at", asked.firstAt().toString());
        data.put("last_at", asked.lastAt().toString());
        ConversationId conversation = asked.conversation();
        if (conversation != null) {
            data.put("conversation_id", String.valueOf(conversation.number()));
            data.put(
                    "conversation_url",
                    tenant.config().chatwoot().baseUrl().replaceAll("/+$", "") + "/app/accounts/"
                            + conversation.account() + "/conversations/" + conversation.number());
        }
        data.put("language", asked.language());
        data.put("nearest_document", asked.nearest());
        return plain(data);
    }

    /** Nobody needs a number or an address to answer a question. */
    private static String masked(String text) {
        return LONG_NUMBER.matcher(new Masking().mask(text)).replaceAll("***");
    }

    private void resolve(Context ctx) {
        close(ctx, UnansweredQuestions.Closing.RESOLVED);
    }

    private void dismiss(Context ctx) {
        close(ctx, UnansweredQuestions.Closing.DISMISSED);
    }

    /** Whose, when the token is not one tenant's. */
    record Close(@Nullable String tenantId) {}

    private void close(Context ctx, UnansweredQuestions.Closing as) {
        Close body = Body.read(ctx, Close.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        if (!unanswered.close(
                tenant.id(), ctx.pathParam("id"), as, Request.caller(ctx).name())) {
            throw new ApiException(ApiError.ERR_NOT_FOUND, Map.of());
        }
        Envelope.ok(ctx, Map.of("id", ctx.pathParam("id")));
    }

    private Tenants.Tenant named(Context ctx) {
        return Request.tenant(ctx, tenants, ctx.queryParam("tenant_id"));
    }

    @SuppressWarnings("NullAway") // JSON knows null
    private static Map<String, Object> plain(Map<String, @Nullable Object> data) {
        return (Map<String, Object>) (Map<String, ?>) data;
    }
}
