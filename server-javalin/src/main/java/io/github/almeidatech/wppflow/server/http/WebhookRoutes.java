package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.chatwoot.Authenticity;
import io.github.almeidatech.wppflow.chatwoot.WebhookAuthenticator;
import io.github.almeidatech.wppflow.chatwoot.WebhookKind;
import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Tenants;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Chatwoot's deliveries come in. The order of checks is that of the security defaults, section I: size and type
 * before the body is read, the signature over the raw bytes before anything is parsed, the commit before the 200. A tenant
 * that does not exist is refused exactly like a wrong signature.
 */
final class WebhookRoutes implements RouteGroup {

    private static final Logger log = LoggerFactory.getLogger(WebhookRoutes.class);

    /** Chatwoot catches up after a pause of its own. */
    static final Duration DELIVERIES_SAVED = Duration.ofSeconds(4);

    private final Tenants tenants;
    private final Deliveries deliveries;
    private final Metrics metrics;
    private final int maxBytes;
    private final int perSecond;
    private final ClientAddresses addresses;
    private final Refusals refusals;
    private final WebhookAuthenticator nobody;
    /** From where they may come, by tenant id; empty for anywhere. */
    private final Map<String, Networks> origins;

    private final Map<String, RateLimit> limits = new ConcurrentHashMap<>();

    /** The id of the key that proved the latest delivery, by tenant and kind. */
    private final Map<String, String> lastKeys = new ConcurrentHashMap<>();

    WebhookRoutes(
            Tenants tenants,
            Deliveries deliveries,
            Metrics metrics,
            int maxBytes,
            int perSecond,
            ClientAddresses addresses,
            Refusals refusals,
            InstantSource clock) {
        this.tenants = tenants;
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.maxBytes = maxBytes;
        this.perSecond = perSecond;
        this.addresses = addresses;
        this.refusals = refusals;
        this.nobody = WebhookAuthenticator.decoy(clock);
        this.origins = tenants.all().stream()
                .collect(Collectors.toUnmodifiableMap(
                        tenant -> tenant.id().value(),
                        tenant -> new Networks(tenant.config().webhooks().addresses())));
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/webhooks/chatwoot/{tenant}/{source}", ctx -> chatwoot(ctx, null), Access.PUBLIC);
        routes.post(
                "/webhooks/chatwoot/{tenant}/{source}/{secret}",
                ctx -> chatwoot(ctx, ctx.pathParam("secret")),
                Access.PUBLIC);
    }

    private void chatwoot(Context ctx, @Nullable String pathSecret) {
        long start = System.nanoTime();
        Optional<Tenants.Tenant> tenant = tenants.find(ctx.pathParam("tenant"));
        WebhookKind kind = WebhookKind.ofWord(ctx.pathParam("source"))
                .orElseThrow(() -> new ApiException(ApiError.ERR_NOT_FOUND, Map.of()));
        String address = addresses.of(ctx);
        if (refusals.tooMany(address)) {
            metrics.refused(tenant.map(Tenants.Tenant::id), "too_many");
            throw new ApiException(ApiError.ERR_RATE_LIMITED, Map.of());
        }
        byte[] body = Request.json(ctx, maxBytes);
        boolean fromElsewhere = tenant.isPresent() && !mayCome(tenant.get(), address);
        var authenticity = tenant.filter(each -> !fromElsewhere)
                .map(Tenants.Tenant::authenticator)
                .orElse(nobody)
                .authenticate(
                        kind,
                        headers(ctx, "X-Chatwoot-Timestamp"),
                        headers(ctx, "X-Chatwoot-Signature"),
                        pathSecret,
                        body);
        String keyId = authenticity.match(Authenticity.Authentic::keyId, rejected -> {
            metrics.refused(
                    tenant.map(Tenants.Tenant::id),
                    fromElsewhere ? "foreign_address" : rejected.reason().word());
            if (rejected.reason() != Authenticity.Reason.STALE_SIGNATURE) { // it has the secret: a clock is wrong
                refusals.refused(address);
            }
            throw new ApiException(
                    ApiError.ERR_UNAUTHORIZED,
                    Map.of("reason", rejected.reason().word()));
        });
        refusals.authentic(address);
        Tenants.Tenant known =
                tenant.orElseThrow(() -> new IllegalStateException("a decoy secret was guessed: impossible"));
        metrics.authentic(known.id(), keyId);
        if (!keyId.equals(lastKeys.put(known.id() + "/" + kind.word(), keyId))) {
            log.info("webhooks of tenant {}, {}: proved by key {} from now on", known.id(), kind.word(), keyId);
        }
        if (!limits.computeIfAbsent(known.id().value(), id -> new RateLimit(perSecond, DELIVERIES_SAVED))
                .tryAcquire()) {
            throw new ApiException(ApiError.ERR_RATE_LIMITED, Map.of());
        }
        deliveries.receive(ctx, known, DeliverySource.of(kind.word()), body, start);
    }

    /** Security default A6; whoever may not is refused with the words and the work of a wrong secret. */
    private boolean mayCome(Tenants.Tenant tenant, String address) {
        Networks allowed = origins.get(tenant.id().value());
        return allowed == null || allowed.isEmpty() || allowed.contains(address);
    }

    private static List<String> headers(Context ctx, String name) {
        return Collections.list(ctx.req().getHeaders(name));
    }
}
