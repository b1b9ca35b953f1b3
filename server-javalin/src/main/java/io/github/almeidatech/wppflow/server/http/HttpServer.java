package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.assistant.LateAnswers;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.jdbc.ApiTokens;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Backups;
import io.github.almeidatech.wppflow.server.BotSwitch;
import io.github.almeidatech.wppflow.server.DeadLetters;
import io.github.almeidatech.wppflow.server.Intake;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.OutgoingWebhooks;
import io.github.almeidatech.wppflow.server.PlanExecution;
import io.github.almeidatech.wppflow.server.Readiness;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.github.almeidatech.wppflow.server.erasure.Offboarding;
import io.github.almeidatech.wppflow.server.explain.Explainer;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeUpkeep;
import io.github.almeidatech.wppflow.server.knowledge.UnansweredQuestions;
import io.github.almeidatech.wppflow.server.policy.TenantPolicies;
import io.github.almeidatech.wppflow.server.replay.Replays;
import io.github.almeidatech.wppflow.webhook.WebhookSignature;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Javalin, with our defaults: bounded headers and bodies, deny by default, one error envelope, no CORS, security headers,
 * and a stop that lets requests in flight finish.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    private static final int MAX_HEADERS = 100;
    private static final int MAX_REQUEST_LINE = 8_192;
    private static final int RESPONSE_BUFFER = 2_048;
    private static final Duration HEAD_TIME = Duration.ofSeconds(10);
    /** A workflow makes dozens of calls about one message, and then none. */
    private static final Duration CALLS_SAVED = Duration.ofSeconds(10);

    /** Security default C2. */
    static final Map<String, String> SECURITY_HEADERS = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Cache-Control", "no-store",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer");

    private final Config.Server settings;
    private final Tokens tokens;
    private final ClientAddresses addresses;
    private final Refusals refusals;
    private final BodyBudget bodies;
    private final Metrics metrics;
    private final Map<Tokens.Caller, RateLimit> calls = new ConcurrentHashMap<>();
    private final Map<Tokens.Caller, RateLimit> passedOn = new ConcurrentHashMap<>();
    private final Javalin javalin;

    /** What the routes lead to. */
    public record Parts(
            Tenants tenants,
            Intake intake,
            OutgoingWebhooks webhooks,
            LateAnswers lateAnswers,
            Contacts contacts,
            KnowledgeBase knowledge,
            KnowledgeUpkeep upkeep,
            UnansweredQuestions unanswered,
            MediaReader media,
            EventLog events,
            EventArchive archive,
            Metrics metrics,
            Readiness readiness,
            Erasure erasure,
            Runnable eraseSoon,
            PlanExecution plans,
            TenantPolicies policies,
            DeadLetters deadLetters,
            ApiTokens apiTokens,
            Backups backups,
            BotSwitch botSwitch,
            Offboarding offboarding,
            Audit audit,
            Explainer explainer,
            Replays replays,
            Function<ConversationId, Optional<String>> people,
            InstantSource clock) {}

    /** Every route, ready to {@link #start}. */
    public static HttpServer of(Config config, Parts parts) {
        int maxBytes = config.server().apiMaxBytes();
        Tenants tenants = parts.tenants();
        var addresses = new ClientAddresses(config.server().trustedProxies());
        var deliveries = new Deliveries(parts.intake(), parts.metrics());
        var refusals = new Refusals(config.server().refusedPerMinute(), parts.clock());
        return new HttpServer(
                config.server(),
                new Tokens(config.api().tokens(), parts.apiTokens(), parts.clock()),
                addresses,
                parts.metrics(),
                refusals,
                List.of(
                        new OperationsRoutes(tenants, parts.readiness(), parts.metrics()),
                        new PageRoutes(
                                PageRoutes.Audience.valueOf(
                                        config.server().pages().toUpperCase(Locale.ROOT)),
                                addresses),
                        new WebhookRoutes(
                                tenants,
                                deliveries,
                                parts.metrics(),
                                config.server().webhookMaxBytes(),
                                config.server().webhooksPerSecond(),
                                addresses,
                                refusals,
                                parts.clock()),
                        new N8nRoutes(
                                tenants,
                                deliveries,
                                parts.webhooks(),
                                parts.lateAnswers(),
                                addresses,
                                refusals,
                                config.server().webhookMaxBytes()),
                        new NormalizeRoutes(tenants, maxBytes),
                        new MultimodalRoutes(tenants, parts.media()),
                        new ContactRoutes(tenants, parts.contacts(), parts.erasure(), parts.clock(), maxBytes),
                        new ContactMergeRoutes(tenants, parts.contacts(), parts.audit(), parts.clock(), maxBytes),
                        new ContactListRoutes(tenants, parts.contacts(), parts.erasure(), parts.audit(), parts.clock()),
                        new RoutingRoutes(tenants, maxBytes),
                        new EventRoutes(
                                tenants, parts.events(), parts.contacts(), parts.people(), parts.clock(), maxBytes),
                        new ArchiveRoutes(tenants, parts.archive(), parts.contacts()),
                        new PolicyRoutes(tenants, parts.policies(), parts.archive(), parts.audit(), maxBytes),
                        new SyncRoutes(tenants, parts.plans(), maxBytes),
                        new BackupRoutes(parts.backups()),
                        new BotRoutes(tenants, parts.botSwitch(), maxBytes),
                        new OffboardingRoutes(parts.offboarding(), maxBytes),
                        new TokenRoutes(tenants, parts.apiTokens(), parts.audit(), parts.clock(), maxBytes),
                        new DeadLetterRoutes(tenants, parts.deadLetters(), maxBytes),
                        new LgpdRoutes(tenants, parts.erasure(), parts.eraseSoon(), maxBytes),
                        new ExplainRoutes(tenants, parts.explainer(), parts.contacts(), parts.clock()),
                        new ReplayRoutes(tenants, parts.replays(), maxBytes),
                        new KnowledgeRoutes(tenants, parts.knowledge(), maxBytes),
                        new KnowledgeReportRoutes(
                                tenants, parts.knowledge(), parts.upkeep(), parts.unanswered(), maxBytes)));
    }

    HttpServer(
            Config.Server settings,
            Tokens tokens,
            ClientAddresses addresses,
            Metrics metrics,
            Refusals refusals,
            List<RouteGroup> groups) {
        this.settings = settings;
        this.tokens = tokens;
        this.addresses = addresses;
        this.metrics = metrics;
        this.refusals = refusals;
        this.bodies = new BodyBudget(settings.bodiesMaxBytes() / 1_024);
        this.javalin = Javalin.create(config -> {
            configure(config);
            groups.forEach(group -> group.register(config.routes));
        });
    }

    /** Listens; returns the port, which the system chose when 0 was configured. */
    public int start() {
        javalin.start();
        return javalin.port();
    }

    /**
     * A registered route.
     *
     * @param method in capitals
     * @param path with its parameters in braces
     * @param access whom it is open to, in small letters: {@code public}, or {@code read}, {@code write}, {@code admin},
     *     {@code signed} of which one is enough
     */
    public record Route(String method, String path, Set<String> access) {
        public Route {
            access = Set.copyOf(access);
        }
    }

    /** Everything this server answers, in the order of registration. */
    public List<Route> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(HttpServer::route)
                .toList();
    }

    private static Route route(Endpoint endpoint) {
        Roles roles = endpoint.metadata(Roles.class);
        Set<String> access = roles == null
                ? Set.of()
                : roles.getRoles().stream()
                        .map(role -> role.toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
        return new Route(endpoint.method.name(), endpoint.path, access);
    }

    /** Refuses new connections, waits for requests in flight, stops. */
    @Override
    public void close() {
        javalin.stop();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = MultimodalRoutes.MAX_BYTES; // each route has its own, smaller limit
        config.http.responseBufferSize = RESPONSE_BUFFER; // allocated for each answer; 32 kB by default
        config.http.compressionStrategy = io.javalin.compression.CompressionStrategy.NONE;
        config.jetty.modifyHttpConfiguration(HttpServer::limit);
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new ProtocolErrors());
            server.setStopTimeout(
                    settings.shutdownTimeout().compareTo(Duration.ofSeconds(5)) > 0
                            ? 5_000
                            : settings.shutdownTimeout().toMillis());
        });
        config.jetty.addConnector(this::connector);
        config.requestLogger.http(this::measure);
        config.routes.before(ctx -> SECURITY_HEADERS.forEach(ctx::header));
        config.routes.before(HttpServer::shape);
        config.routes.before(ctx -> ctx.attribute(Request.SHARE, bodies.new Share()));
        config.routes.after(HttpServer::giveBack);
        config.routes.after(Deliveries::forget);
        config.routes.beforeMatched(this::authorize);
        config.routes.exception(
                ApiException.class, (e, ctx) -> Envelope.error(ctx, e.error(), e.status(), e.details()));
        config.routes.exception(FlowException.class, HttpServer::flowFailure);
        config.routes.exception(HttpResponseException.class, HttpServer::javalinRefusal);
        config.routes.exception(Exception.class, HttpServer::unexpected);
    }

    private Connector connector(Server server, HttpConfiguration http) {
        var connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(30_000);
        var guard = new ConnectionGuard(
                settings.maxConnectionsPerAddress(),
                settings.maxRequestsPerConnection(),
                addresses::isTrusted,
                HEAD_TIME,
                connector.getScheduler());
        connector.addBean(guard);
        http.addCustomizer(guard);
        server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));
        return connector;
    }

    /**
     * Security defaults B1 and B8: a short first line, few headers, one way to find the end of a body; and a method is what it
     * says it is, whatever Javalin would make of it.
     */
    private static void shape(Context ctx) {
        HttpServletRequest request = ctx.req();
        if (lengthOfFirstLine(request) > MAX_REQUEST_LINE) {
            throw new ApiException(ApiError.ERR_URI_TOO_LONG, Map.of("max_bytes", MAX_REQUEST_LINE));
        }
        List<String> codings = Collections.list(request.getHeaders("Transfer-Encoding"));
        boolean chunkedAlone = codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
        if (!codings.isEmpty() && !(chunkedAlone && request.getProtocol().equals("HTTP/1.1"))) {
            ctx.header("Connection", "close");
            throw new ApiException(ApiError.ERR_VALIDATION, Map.of("header", "transfer-encoding"));
        }
        int headers = 0;
        for (String name : Collections.list(request.getHeaderNames())) {
            headers += Collections.list(request.getHeaders(name)).size();
        }
        if (headers > MAX_HEADERS) {
            throw new ApiException(ApiError.ERR_HEADERS_TOO_LARGE, Map.of("max_headers", MAX_HEADERS));
        }
        if (ctx.header("X-HTTP-Method-Override") != null) {
            throw new ApiException(ApiError.ERR_VALIDATION, Map.of("header", "x-http-method-override"));
        }
    }

    private static int lengthOfFirstLine(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getMethod().length()
                + request.getRequestURI().length()
                + (query == null ? 0 : 1 + query.length())
                + request.getProtocol().length()
                + 2;
    }

    private static void giveBack(Context ctx) {
        BodyBudget.Share share = ctx.attribute(Request.SHARE);
        if (share != null) {
            share.close();
        }
    }

    private static void limit(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(16_384);
        http.setIdleTimeout(30_000);
        http.setHttpCompliance(HttpCompliance.STRICT);
    }

    private void measure(Context ctx, float tookMillis) {
        Endpoint matched = ctx.endpoints().matchedHttpEndpoint();
        metrics.answered(
                matched == null ? "none" : matched.path, ctx.statusCode(), Duration.ofNanos((long) (tookMillis * 1e6)));
    }

    /** Deny by default: a route says what it demands, or nobody may use it. */
    private void authorize(Context ctx) {
        Set<RouteRole> roles = ctx.routeRoles();
        if (roles.contains(Access.PUBLIC)) {
            return;
        }
        if (roles.contains(Access.SIGNED) && ctx.header(WebhookSignature.SIGNATURE_HEADER) != null) {
            if (refusals.tooMany(addresses.of(ctx))) {
                throw new ApiException(ApiError.ERR_RATE_LIMITED, Map.of());
            }
            return;
        }
        Tokens.Caller caller = caller(ctx);
        boolean allowed = roles.contains(Access.READ) && caller.scopes().contains(Tokens.Scope.READ)
                || roles.contains(Access.WRITE) && caller.scopes().contains(Tokens.Scope.WRITE)
                || roles.contains(Access.ADMIN) && caller.scopes().contains(Tokens.Scope.ADMIN);
        if (!allowed) {
            throw new ApiException(ApiError.ERR_FORBIDDEN, Map.of("wanted", roles.toString()));
        }
        if (!(roles.contains(Access.SIGNED) ? deliveriesOf(caller) : callsOf(caller)).tryAcquire()) {
            throw new ApiException(ApiError.ERR_RATE_LIMITED, Map.of());
        }
        ctx.attribute(Request.CALLER, caller);
    }

    private RateLimit callsOf(Tokens.Caller caller) {
        return calls.computeIfAbsent(caller, each -> new RateLimit(settings.apiCallsPerSecond(), CALLS_SAVED));
    }

    /** What n8n passes on are Chatwoot's webhooks, as many as Chatwoot sends. */
    private RateLimit deliveriesOf(Tokens.Caller caller) {
        return passedOn.computeIfAbsent(
                caller, each -> new RateLimit(settings.webhooksPerSecond(), WebhookRoutes.DELIVERIES_SAVED));
    }

    private Tokens.Caller caller(Context ctx) {
        String address = addresses.of(ctx);
        if (refusals.tooMany(address)) {
            throw new ApiException(ApiError.ERR_RATE_LIMITED, Map.of());
        }
        return tokens.authenticate(ctx.header("Authorization")).orElseThrow(() -> {
            refusals.refused(address);
            return new ApiException(ApiError.ERR_UNAUTHORIZED, Map.of());
        });
    }

    private static void flowFailure(FlowException e, Context ctx) {
        ApiError error = errorOf(e.code().code());
        log.warn("{} {} failed: {}", ctx.method(), ctx.endpoint().path, e.code().code(), e);
        Envelope.error(ctx, error, error.status(), Map.of("retryable", e.code().retryable()));
    }

    private static ApiError errorOf(String code) {
        for (ApiError error : ApiError.values()) {
            if (error.name().equals(code)) {
                return error;
            }
        }
        return ApiError.ERR_INTERNAL;
    }

    private static void javalinRefusal(HttpResponseException e, Context ctx) {
        Envelope.error(ctx, ApiError.ofStatus(e.getStatus()), e.getStatus(), Map.of());
    }

    private static void unexpected(Exception e, Context ctx) {
        if (causes(e).anyMatch(HttpServer::isBrokenConnection)) {
            Envelope.error(ctx, ApiError.ERR_TIMEOUT, 408, Map.of());
            return;
        }
        log.error("{} {} failed", ctx.method(), ctx.path().startsWith("/webhooks/") ? "/webhooks" : ctx.path(), e);
        Envelope.error(ctx, ApiError.ERR_INTERNAL, 500, Map.of());
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }

    /** The client went away, was too slow or sent chunks that are none: nothing of ours failed. */
    private static boolean isBrokenConnection(Throwable e) {
        return e instanceof EOFException || e instanceof TimeoutException || e instanceof EofException;
    }
}
