package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** What every route needs of a request: who calls, for which tenant, and a body within limits. */
final class Request {

    static final String CALLER = "caller";
    static final String SHARE = "bodies";
    /** Where the {@link ConnectionGuard} leaves the {@link EndPoint} of a request. */
    static final String CONNECTION = "wppflow.connection";
    /** A body that takes longer is not a webhook of Chatwoot's; it would hold its memory for nothing. */
    private static final Duration BODY_TIME = Duration.ofSeconds(20);
    /** How long a body may take to begin to come at this pace (security default B7). */
    private static final Duration BODY_BEGINS = Duration.ofSeconds(5);

    private static final int MIN_BYTES_PER_SECOND = 1_024;

    private Request() {}

    static Tokens.Caller caller(Context ctx) {
        return Objects.requireNonNull(ctx.<Tokens.Caller>attribute(CALLER), "a route without access rule");
    }

    /**
     * The tenant this request is about: the token's, or for an operator the one it names.
     *
     * @param named what the body or path says, or null
     */
    static Tenants.Tenant tenant(Context ctx, Tenants tenants, @Nullable String named) {
        Tokens.Caller caller = caller(ctx);
        TenantId own = caller.tenant();
        if (own != null && named != null && !named.equals(own.value())) {
            throw new ApiException(ApiError.ERR_INVALID_TENANT, 403, Map.of("field", "tenant_id"), null);
        }
        String id = own != null ? own.value() : named;
        if (id == null) {
            throw ApiException.missing("tenant_id");
        }
        return tenants.find(id)
                .orElseThrow(() -> new ApiException(ApiError.ERR_INVALID_TENANT, Map.of("field", "tenant_id")));
    }

    /** On whose account models are asked. */
    static Payer payer(Tenants.Tenant tenant, @Nullable Long conversation) {
        return conversation == null
                ? Payer.of(tenant.id())
                : Payer.of(new ConversationId(tenant.id(), tenant.account(), conversation));
    }

    /** The body, read to its end but never beyond the limit; only plain JSON (security defaults B2, B3). */
    static byte[] json(Context ctx, int maxBytes) {
        String type = ctx.contentType();
        String bare = type == null
                ? ""
                : type.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", "");
        if (!bare.equals("application/json") && !bare.equals("application/json;charset=utf-8")) {
            throw new ApiException(ApiError.ERR_UNSUPPORTED_MEDIA_TYPE, Map.of("header", "content-type"));
        }
        String coding = ctx.header("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new ApiException(ApiError.ERR_UNSUPPORTED_MEDIA_TYPE, Map.of("header", "content-encoding"));
        }
        long announced = ctx.req().getContentLengthLong();
        if (announced > maxBytes) {
            throw new ApiException(ApiError.ERR_PAYLOAD_TOO_LARGE, Map.of("max_bytes", maxBytes));
        }
        BodyBudget.Share share = Objects.requireNonNull(ctx.<BodyBudget.Share>attribute(SHARE), "no share");
        share.take(announced < 0 ? maxBytes : announced);
        try (InputStream in = ctx.req().getInputStream()) {
            return announced >= 0 && in.available() >= announced
                    ? in.readNBytes((int) announced) // it came with its head, as nearly all do
                    : awaited(ctx, in, maxBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] awaited(Context ctx, InputStream in, int maxBytes) throws IOException {
        var connection = (EndPoint) Objects.requireNonNull(ctx.req().getAttribute(CONNECTION), "no connection guard");
        long idle = connection.getIdleTimeout();
        try {
            return read(in, maxBytes, connection::setIdleTimeout);
        } finally {
            connection.setIdleTimeout(idle);
        }
    }

    /** Waits for a client that falls silent no longer than for one that goes on: for what is left of the body's time. */
    static byte[] read(InputStream in, int maxBytes, LongConsumer idleMillis) throws IOException {
        long begin = System.nanoTime();
        var body = new ByteArrayOutputStream();
        byte[] part = new byte[8_192];
        idleMillis.accept(BODY_TIME.toMillis());
        for (int length = in.read(part); length >= 0; length = in.read(part)) {
            body.write(part, 0, length);
            if (body.size() > maxBytes) {
                throw new ApiException(ApiError.ERR_PAYLOAD_TOO_LARGE, Map.of("max_bytes", maxBytes));
            }
            if (isTooSlow(body.size(), Duration.ofNanos(System.nanoTime() - begin))) {
                throw new ApiException(
                        ApiError.ERR_SLOW_REQUEST,
                        Map.of("max_seconds", BODY_TIME.toSeconds(), "min_bytes_per_second", MIN_BYTES_PER_SECOND));
            }
            if (in.available() == 0) {
                long left = BODY_TIME.toMillis() - (System.nanoTime() - begin) / 1_000_000;
                idleMillis.accept(Math.max(left, 1));
            }
        }
        return body.toByteArray();
    }

    static boolean isTooSlow(long bytes, Duration since) {
        return since.compareTo(BODY_TIME) > 0
                || since.compareTo(BODY_BEGINS) > 0 && bytes * 1_000 < since.toMillis() * MIN_BYTES_PER_SECOND;
    }
}
