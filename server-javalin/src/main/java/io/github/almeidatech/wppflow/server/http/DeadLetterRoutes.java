package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.flow.DeadLetter;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.DeadLetters;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands that were given up: list, look, try again, throw away. */
final class DeadLetterRoutes implements RouteGroup {

    private static final String ONE = "/api/v1/dead-letters/{id}";
    private static final int DEFAULT_LIMIT = 100;

    private final Tenants tenants;
    private final DeadLetters letters;
    private final int maxBytes;

    DeadLetterRoutes(Tenants tenants, DeadLetters letters, int maxBytes) {
        this.tenants = tenants;
        this.letters = letters;
        this.maxBytes = maxBytes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/api/v1/dead-letters", this::list, Access.READ);
        routes.get(ONE, this::show, Access.READ);
        routes.post(ONE + "/retry", this::retry, Access.WRITE);
        routes.post(ONE + "/discard", this::discard, Access.ADMIN);
    }

    /** Whether to try although the customer was answered meanwhile. */
    record Decision(@Nullable String tenantId, @Nullable Boolean confirm) {}

    private void list(Context ctx) {
        TenantId tenant =
                Request.tenant(ctx, tenants, ctx.queryParam("tenant_id")).id();
        long after = Query.number(ctx, "cursor", 0, Long.MAX_VALUE, 0);
        int limit = (int) Query.number(ctx, "limit", 1, 1_000, DEFAULT_LIMIT);
        List<DeadLetter> found = letters.list(tenant, after, limit + 1);
        List<DeadLetter> page = found.size() > limit ? found.subList(0, limit) : found;
        var data = new LinkedHashMap<String, Object>();
        data.put("dead_letters", page.stream().map(DeadLetterRoutes::view).toList());
        data.put(
                "next_cursor",
                found.size() > limit ? String.valueOf(page.get(page.size() - 1).commandId()) : null);
        Envelope.ok(ctx, data);
    }

    private void show(Context ctx) {
        TenantId tenant =
                Request.tenant(ctx, tenants, ctx.queryParam("tenant_id")).id();
        DeadLetter letter = letters.find(tenant, id(ctx)).orElseThrow(DeadLetterRoutes::notFound);
        Map<String, Object> data = view(letter);
        DeadLetters.Reply reply = letters.replySince(letter);
        data.put("answered_meanwhile", reply != null);
        if (reply != null) {
            data.put("answered_by", reply.by().name().toLowerCase(Locale.ROOT));
            data.put("answered_at", reply.at().toEpochMilli());
        }
        ObjectNode content = StrictJson.MAPPER.valueToTree(letter.command());
        content.remove(List.of("answer", "speaks_to_customer"));
        data.put("content", content);
        Envelope.ok(ctx, data);
    }

    private void retry(Context ctx) {
        Decision body = Body.read(ctx, Decision.class, maxBytes);
        TenantId tenant = Request.tenant(ctx, tenants, body.tenantId()).id();
        boolean confirmed = Boolean.TRUE.equals(body.confirm());
        answer(
                ctx,
                letters.retry(tenant, id(ctx), confirmed, Request.caller(ctx).name()),
                "waiting");
    }

    private void discard(Context ctx) {
        Decision body = Body.read(ctx, Decision.class, maxBytes);
        TenantId tenant = Request.tenant(ctx, tenants, body.tenantId()).id();
        answer(ctx, letters.discard(tenant, id(ctx), Request.caller(ctx).name()), "discarded");
    }

    private static void answer(Context ctx, DeadLetters.Outcome outcome, String state) {
        switch (outcome) {
            case DONE -> Envelope.ok(ctx, Map.of("id", id(ctx), "state", state));
            case NOT_FOUND -> throw notFound();
            case ANSWERED_MEANWHILE ->
                throw new ApiException(
                        ApiError.ERR_CONFLICT, Map.of("field", "confirm", "problem", "answered_meanwhile"));
        }
    }

    private static long id(Context ctx) {
        String text = ctx.pathParam("id");
        if (!text.matches("[1-9]\\d{0,17}")) {
            throw notFound();
        }
        return Long.parseLong(text);
    }

    private static ApiException notFound() {
        return new ApiException(ApiError.ERR_NOT_FOUND, Map.of());
    }

    private static Map<String, Object> view(DeadLetter letter) {
        var data = new LinkedHashMap<String, Object>();
        data.put("id", letter.commandId());
        data.put("conversation_id", String.valueOf(letter.conversation().number()));
        data.put("turn_id", letter.turnId());
        data.put("key", letter.key());
        data.put("command", FlowEvents.word(letter.command()));
        data.put("attempts", letter.attempts());
        data.put("reason", letter.reason());
        data.put("since", letter.since().toEpochMilli());
        return data;
    }
}
