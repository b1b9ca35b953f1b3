package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** M7 over HTTP: ask the knowledge base, put documents into it, take them out. */
final class KnowledgeRoutes implements RouteGroup {

    private static final int DEFAULT_TOP_K = 3;

    private final Tenants tenants;
    private final KnowledgeBase knowledge;
    private final int maxBytes;

    KnowledgeRoutes(Tenants tenants, KnowledgeBase knowledge, int maxBytes) {
        this.tenants = tenants;
        this.knowledge = knowledge;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/knowledge-base/query", this::query, Access.READ);
        routes.post("/api/v1/knowledge-base/documents", this::put, Access.WRITE);
        routes.delete("/api/v1/knowledge-base/documents", this::delete, Access.WRITE);
    }

    /** A question. */
    record Query(
            @Nullable String tenantId,
            @NotNull @NotBlank @Size(max = 10_000) String query,
            @Nullable @Size(max = 20_000) String context,
            @Nullable @Min(1) @Max(50) Integer topK,
            @Nullable @Size(max = 100) String domain,
            @Nullable @Min(1) Long conversationId) {}

    /** Documents to add or replace. */
    record Put(
            @Nullable String tenantId,
            @NotNull @NotEmpty @Size(max = 1_000) List<@NotNull @Valid NewDocument> documents) {

        /** One document. */
        record NewDocument(
                @NotNull @NotBlank @Size(max = 200) String id,
                @Nullable @Size(max = 1_000) String title,
                @NotNull @NotBlank @Size(max = 500_000) String content,
                @Nullable @Size(max = 100) String domain) {

            Document toDocument() {
                return new Document(id, title == null ? "" : title, content, domain);
            }
        }
    }

    /** Documents to remove. */
    record Delete(
            @Nullable String tenantId,
            @NotNull @NotEmpty @Size(max = 1_000) List<@NotBlank String> ids) {}

    private void query(Context ctx) {
        Query body = Body.read(ctx, Query.class, maxBytes);
        Tenants.Tenant tenant = Request.tenant(ctx, tenants, body.tenantId());
        KnowledgeAnswer answer = knowledge.query(
                tenant.id(),
                new Question(
                        body.query(),
                        body.context() == null ? "" : body.context(),
                        body.topK() == null ? DEFAULT_TOP_K : body.topK(),
                        body.domain(),
                        Request.payer(tenant, body.conversationId())));
        var data = new LinkedHashMap<String, Object>();
        data.put("answer", answer.text());
        data.put("answered", answer.answered());
        data.put("confidence", answer.confidence());
        data.put(
                "sources",
                answer.sources().stream().map(KnowledgeRoutes::source).toList());
        Envelope.ok(ctx, data);
    }

    private static Map<String, Object> source(KnowledgeAnswer.Source source) {
        var data = new LinkedHashMap<String, Object>();
        data.put("document", source.documentId());
        data.put("passage", source.passageId());
        data.put("title", source.title());
        data.put("text", source.text());
        data.put("similarity", source.similarity());
        return data;
    }

    private void put(Context ctx) {
        Put body = Body.read(ctx, Put.class, maxBytes);
        TenantId tenant = Request.tenant(ctx, tenants, body.tenantId()).id();
        knowledge.put(
                tenant,
                body.documents().stream().map(Put.NewDocument::toDocument).toList());
        Envelope.ok(ctx, Map.of("stored", body.documents().size(), "documents", knowledge.size(tenant)));
    }

    private void delete(Context ctx) {
        Delete body = Body.read(ctx, Delete.class, maxBytes);
        TenantId tenant = Request.tenant(ctx, tenants, body.tenantId()).id();
        int removed = knowledge.remove(tenant, body.ids());
        Envelope.ok(ctx, Map.of("removed", removed, "documents", knowledge.size(tenant)));
    }
}
