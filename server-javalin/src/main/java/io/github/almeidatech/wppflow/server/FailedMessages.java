package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.normalizer.Direction;
import io.github.almeidatech.wppflow.normalizer.Normalized;
import io.github.almeidatech.wppflow.normalizer.SenderKind;
import io.github.almeidatech.wppflow.server.log.Masking;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bot's messages that Chatwoot took and WhatsApp then did not deliver. Each leaves one {@value #TYPE} event, however often
 * Chatwoot tells of it. Thread-safe; blocks on the log.
 */
final class FailedMessages {

    static final String TYPE = "message.failed";

    /** In {@code 131047: Re-engagement message} and {@code (#131030) Recipient …}. */
    private static final Pattern CODE = Pattern.compile("[(\\[#]{0,2}(\\d{2,9})\\b");

    /** Among how many of the conversation's commands the one is looked for that a message without a key came from. */
    private static final int LATEST = 100;

    private final EventLog events;
    private final Consumer<TenantId> failed;
    private final Masking masking = new Masking();

    /** @param failed is told of each message once; of one that two webhooks bring in the same moment maybe twice */
    FailedMessages(EventLog events, Consumer<TenantId> failed) {
        this.events = events;
        this.failed = failed;
    }

    /** Whether it says that a message of ours failed. Before Chatwoot 4.9 ours have no key: those of bots are taken for them. */
    static boolean isOne(Normalized normalized) {
        return normalized.event().equals("message_updated")
                && normalized.direction() == Direction.OUTGOING
                && normalized.deliveryFailed()
                && normalized.messageId() != null
                && normalized.conversationId() != null
                && (normalized.ownKey() != null || normalized.senderKind() == SenderKind.AGENT_BOT);
    }

    void note(Normalized normalized, Instant now) {
        String key = normalized.tenant() + "/failed/" + normalized.accountId() + "/" + normalized.messageId();
        String id = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
        if (events.find(normalized.tenant(), id).isPresent()) {
            return;
        }
        events.append(List.of(new Event(
                id,
                normalized.tenant(),
                normalized.conversation(),
                normalized.personKey(),
                TYPE,
                1,
                payload(normalized),
                Event.Source.SYSTEM,
                null,
                cause(normalized),
                0,
                now)));
        failed.accept(normalized.tenant());
    }

    private Map<String, Object> payload(Normalized normalized) {
        String error = masking.mask(normalized.deliveryError());
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("event", normalized.event());
        payload.put("reason", "delivery_failed");
        payload.put("message_id", Objects.requireNonNull(normalized.messageId()));
        payload.put("type", normalized.type().word());
        Matcher code = CODE.matcher(error);
        if (code.lookingAt()) {
            payload.put("code", code.group(1));
        }
        if (!error.isEmpty()) {
            payload.put("error", error);
        }
        return payload;
    }

    /** The turn or the policy that said it, so that no policy acts on a failure of its own words. */
    private @Nullable String cause(Normalized normalized) {
        String key = normalized.ownKey();
        if (key != null) {
            return CommandAttempt.causeOf(key).orElse(null);
        }
        String message = String.valueOf(normalized.messageId());
        var done = new EventQuery(
                normalized.tenant(),
                normalized.conversation(),
                null,
                FlowEvents.COMMAND_DONE,
                null,
                null,
                LATEST,
                null);
        return events.query(done).events().stream()
                .filter(event -> message.equals(event.payload().get("external_id")))
                .map(Event::causeId)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
