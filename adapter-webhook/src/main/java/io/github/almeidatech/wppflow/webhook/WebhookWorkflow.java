package io.github.almeidatech.wppflow.webhook;

import dev.failsafe.CircuitBreaker;
import io.github.almeidatech.wppflow.assistant.Workflow;
import io.github.almeidatech.wppflow.assistant.WorkflowAnswer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a webhook, such as an n8n workflow, for the answer to a turn: once, within its time limit. An answer is a JSON
 * object in the form of {@link WorkflowAnswer}, or a list with just that. An empty answer, 202, {@code {"later": true}} and
 * n8n's own {@code {"message": "Workflow was started"}} mean that it will answer later.
 *
 * <p>A webhook that fails five times in a row is left alone for 30 seconds: customers are answered otherwise at once.
 * Thread-safe.
 */
public final class WebhookWorkflow implements Workflow {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookWorkflow.class);
    private static final int FAILURES = 5;
    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final String STARTED = "Workflow was started";

    private final WebhookClient client;
    private final WebhookTargets targets;
    private final BiPredicate<TenantId, String> files;
    private final Map<Name, CircuitBreaker<Outcome>> breakers = new ConcurrentHashMap<>();

    /** @param files whether a tenant's files may be sent from an address: an answer with another one is none */
    public WebhookWorkflow(WebhookClient client, WebhookTargets targets, BiPredicate<TenantId, String> files) {
        this.client = client;
        this.targets = targets;
        this.files = files;
    }

    private record Name(TenantId tenant, String webhook) {}

    @Override
    public Outcome ask(Request request) {
        TenantId tenant = request.conversation().tenant();
        return targets.find(tenant, request.bot())
                .map(target -> ask(target, request, breaker(tenant, request.bot())))
                .orElseGet(() -> new Failed(Failure.UNKNOWN));
    }

    private CircuitBreaker<Outcome> breaker(TenantId tenant, String webhook) {
        return breakers.computeIfAbsent(
                new Name(tenant, webhook),
                name -> CircuitBreaker.<Outcome>builder()
                        .withFailureThreshold(FAILURES)
                        .withDelay(PAUSE)
                        .onOpen(event -> LOG.warn(
                                "workflow {} of {} failed {} times in a row and is left alone for {} s",
                                webhook,
                                tenant,
                                FAILURES,
                                PAUSE.toSeconds()))
                        .build());
    }

    private Outcome ask(WebhookTarget target, Request request, CircuitBreaker<Outcome> breaker) {
        if (!breaker.tryAcquirePermit()) {
            return new Failed(Failure.PAUSED);
        }
        Outcome outcome = post(target, request);
        if (outcome instanceof Failed) {
            breaker.recordFailure();
        } else {
            breaker.recordSuccess();
        }
        return outcome;
    }

    private Outcome post(WebhookTarget target, Request request) {
        var call = new WebhookClient.Call(request.correlationId(), request.turnId(), 0, body(request));
        try {
            TenantId tenant = request.conversation().tenant();
            return outcome(target, client.post(target, call), url -> files.test(tenant, url));
        } catch (WebhookClient.NoAnswerException e) {
            return new Failed(
                    switch (e.trouble()) {
                        case FORBIDDEN -> Failure.FORBIDDEN_ADDRESS;
                        case UNREACHABLE, BROKEN -> Failure.UNREACHABLE;
                        case TIME_LIMIT -> Failure.TIME_LIMIT;
                    });
        }
    }

    private static Map<String, Object> body(Request request) {
        var body = new LinkedHashMap<String, Object>();
        body.put("event", "answer_wanted");
        body.put("id", request.correlationId());
        body.put("correlation_id", request.correlationId());
        body.put("webhook", request.bot());
        body.put("tenant_id", request.conversation().tenant().value());
        body.put("conversation_id", String.valueOf(request.conversation().number()));
        body.put("cause_id", request.turnId());
        body.put("depth", 0);
        body.put("answer_until", request.answerUntil().toString());
        body.put("data", request.data());
        return body;
    }

    private static Outcome outcome(WebhookTarget target, WebhookClient.Answer answer, Predicate<String> files) {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return status == 202 || status == 204 || answer.isEmpty() ? new Later() : read(target, answer, files);
        }
        if (status >= 500 && status != 503) {
            return new Failed(Failure.BROKEN);
        }
        return new Failed(
                switch (status) {
                    case 404, 410 -> Failure.NOT_ACTIVE;
                    case 429, 503 -> Failure.OVERLOADED;
                    default -> Failure.REFUSED;
                });
    }

    private static Outcome read(WebhookTarget target, WebhookClient.Answer answer, Predicate<String> files) {
        Object json = answer.json().orElse("");
        if (json instanceof List<?> list && list.size() == 1) {
            json = list.get(0);
        }
        if (!(json instanceof Map<?, ?> form)) {
            LOG.warn("workflow {} answered no JSON object", target.name());
            return new Failed(Failure.INVALID_ANSWER);
        }
        if (form.equals(Map.of("message", STARTED)) || form.equals(Map.of("later", true))) {
            return new Later();
        }
        try {
            return new Answered(WorkflowAnswer.read(form, files));
        } catch (IllegalArgumentException e) {
            LOG.warn("workflow {} answered in a form that is not one: {}", target.name(), e.getMessage());
            return new Failed(Failure.INVALID_ANSWER);
        }
    }
}
