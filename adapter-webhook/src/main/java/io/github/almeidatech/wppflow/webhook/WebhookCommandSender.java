package io.github.almeidatech.wppflow.webhook;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link CallWebhook} commands. Each try carries the attempt's key as its id, so that the receiver can tell a
 * repetition; after an unclear result the call is simply repeated.
 *
 * <p>Done: any 2xx, which means accepted. Not done, to be tried again: no connection, 408, 425, 429, and three times 404 or
 * 410 (an n8n workflow that is not active). Unclear, to be tried again: a time limit, a broken connection, 5xx. Refused for
 * good: a redirect, everything else, a forbidden address, and a name that is not configured.
 *
 * <p>Thread-safe; blocks up to the target's time limit.
 */
public final class WebhookCommandSender implements CommandSender {

    /** What a webhook answered to a command, where its target wants that to be known. */
    static final String ANSWERED = "webhook.answered";

    private static final Logger LOG = LoggerFactory.getLogger(WebhookCommandSender.class);
    private static final int NOT_ACTIVE_TRIES = 4;
    private static final Duration NOT_ACTIVE_PAUSE = Duration.ofSeconds(30);
    private static final int MAX_TEXT = 10_000;

    private final WebhookClient client;
    private final WebhookTargets targets;
    private final Function<ConversationId, Optional<String>> people;
    private final Consumer<List<Event>> events;
    private final InstantSource clock;

    /**
     * @param people the person key of who writes in a conversation, for what is written down about it
     * @param events where answers are written down; the same event may be given twice
     */
    public WebhookCommandSender(
            WebhookClient client,
            WebhookTargets targets,
            Function<ConversationId, Optional<String>> people,
            Consumer<List<Event>> events,
            InstantSource clock) {
        this.client = client;
        this.targets = targets;
        this.people = people;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public CommandResult send(CommandAttempt attempt) {
        if (!(attempt.command() instanceof CallWebhook command)) {
            return new Refused("not_a_webhook");
        }
        Optional<WebhookTarget> target = targets.find(attempt.conversation().tenant(), command.target());
        if (target.isEmpty()) {
            return new Refused("unknown_webhook");
        }
        if (!clock.instant().isBefore(attempt.leaseUntil())) {
            return new NotDone("lease_over", null);
        }
        WebhookClient.Call call = call(attempt, command);
        try {
            WebhookClient.Answer answer = client.post(target.get(), call);
            CommandResult result = resultOf(answer, attempt, target.get());
            if (result instanceof Done && target.get().answerIsEvent()) {
                events.accept(List.of(answered(attempt, target.get(), call, answer)));
            }
            return result;
        } catch (WebhookClient.NoAnswerException e) {
            return switch (e.trouble()) {
                case FORBIDDEN -> new Refused("forbidden_address");
                case UNREACHABLE -> new NotDone("unreachable", null);
                case TIME_LIMIT -> new Unclear("time_limit", null);
                case BROKEN -> new Unclear("connection_broken", null);
            };
        }
    }

    private static CommandResult resultOf(WebhookClient.Answer answer, CommandAttempt attempt, WebhookTarget target) {
        int status = answer.status();
        String word = "http_" + status;
        if (status >= 200 && status < 300) {
            return new Done(null);
        }
        if (status == 404 || status == 410) {
            LOG.warn("webhook {} is not there: is the workflow active?", target.name());
            return attempt.attempt() < NOT_ACTIVE_TRIES
                    ? new NotDone("not_active", NOT_ACTIVE_PAUSE)
                    : new Refused("not_active");
        }
        if (status == 408 || status == 425 || status == 429) {
            return new NotDone(word, answer.pause());
        }
        return status >= 500 ? new Unclear(word, answer.pause()) : new Refused(word);
    }

    /** Cause and depth of a policy's call are in what it planned; a turn's own call is caused by the turn. */
    private static WebhookClient.Call call(CommandAttempt attempt, CallWebhook command) {
        String cause = command.payload().get("cause_id") instanceof String text ? text : attempt.turnId();
        int depth = command.payload().get("depth") instanceof Number number ? number.intValue() : 0;
        var body = new LinkedHashMap<String, Object>();
        body.put("event", "webhook_call");
        body.put("id", attempt.key());
        body.put("webhook", command.target());
        body.put("tenant_id", attempt.conversation().tenant().value());
        body.put("conversation_id", String.valueOf(attempt.conversation().number()));
        body.put("cause_id", cause);
        body.put("depth", depth);
        body.put("data", command.payload());
        return new WebhookClient.Call(attempt.key(), cause, depth, body);
    }

    private Event answered(
            CommandAttempt attempt, WebhookTarget target, WebhookClient.Call call, WebhookClient.Answer answer) {
        var payload = new LinkedHashMap<String, Object>();
        payload.put("webhook", target.name());
        payload.put("id", attempt.key());
        payload.put("status", answer.status());
        payload.put("answer", answer.json().orElseGet(() -> text(answer)));
        String name = attempt.conversation().tenant() + "\n" + ANSWERED + "\n" + attempt.key();
        return new Event(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString(),
                attempt.conversation().tenant(),
                attempt.conversation(),
                people.apply(attempt.conversation()).orElse(null),
                ANSWERED,
                1,
                payload,
                Event.Source.SYSTEM,
                null,
                call.causeId(),
                call.depth(),
                clock.instant());
    }

    private static String text(WebhookClient.Answer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }
}
