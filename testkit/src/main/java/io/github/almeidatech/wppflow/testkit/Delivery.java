package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One webhook delivery as it was attempted.
 *
 * @param deliveryId the {@code X-Chatwoot-Delivery} header; stays the same over retries
 * @param kind {@code agent_bot}, {@code account} or {@code inbox}
 * @param receiver id of the bot, webhook or inbox
 * @param event {@code message_created} and so on
 * @param conversation display id; none for contact events
 * @param messageId none for events that are not about a message
 * @param attempt 1 for the first
 * @param status what the receiver answered; 0 for no answer in time, no connection, or dropped on demand
 * @param body what was sent; holds personal data
 */
public record Delivery(
        String deliveryId,
        String kind,
        long receiver,
        String event,
        @Nullable Long conversation,
        @Nullable Long messageId,
        int attempt,
        int status,
        String body) {

    /** The body as JSON. */
    public JsonNode json() {
        return RailsJson.parse(body.getBytes(StandardCharsets.UTF_8)).orElse(RailsJson.missing());
    }

    @Override
    public String toString() {
        return "Delivery[" + deliveryId + ", " + kind + ", " + event + ", conversation " + conversation + ", message "
                + messageId + ", attempt " + attempt + ", status " + status + "]";
    }
}
