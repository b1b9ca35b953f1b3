package io.github.almeidatech.wppflow.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.FlowEngine;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.jdbc.IgnoredDelivery;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import io.github.almeidatech.wppflow.normalizer.Delivery;
import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.normalizer.Direction;
import io.github.almeidatech.wppflow.normalizer.Normalized;
import io.github.almeidatech.wppflow.normalizer.NormalizerException;
import io.github.almeidatech.wppflow.normalizer.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with an authentic delivery, in the request's thread: understood, judged, stored. When {@link #receive}
 * returns, whatever matters of the delivery is on disk. The same way is taken by webhooks, by n8n and by catch-up.
 */
public final class Intake {

    /** The type of the event that holds a delivery which cannot be read. */
    public static final String QUARANTINED = "webhook.quarantined";

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final FlowEngine engine;
    private final EventLog events;
    private final IgnoredTally ignored;
    private final FailedMessages failed;
    private final Predicate<Instant> doubtful;
    private final InstantSource clock;

    /**
     * An intake.
     *
     * @param failed is told of each of the bot's messages that was not delivered, once
     * @param doubtful of what was found later: whether a database that was lost may have dealt with what was sent then
     */
    public Intake(
            FlowEngine engine,
            EventLog events,
            IgnoredTally ignored,
            Consumer<TenantId> failed,
            Predicate<Instant> doubtful,
            InstantSource clock) {
        this.engine = engine;
        this.events = events;
        this.ignored = ignored;
        this.failed = new FailedMessages(events, failed);
        this.doubtful = doubtful;
        this.clock = clock;
    }

    /**
     * What became of a delivery.
     *
     * @param accepted it was a customer's message and will be answered for
     * @param duplicate it was known already
     * @param reason the normalizer's word
     * @param conversationId Chatwoot's number, where there is one
     * @param messageId Chatwoot's number, where there is one
     */
    public record Receipt(
            boolean accepted,
            boolean duplicate,
            String reason,
            @Nullable Long conversationId,
            @Nullable Long messageId) {}

    /**
     * Takes one delivery.
     *
     * @throws NormalizerException when it cannot be read; it is kept in quarantine as a {@code webhook.quarantined} event
     */
    public Receipt receive(Tenants.Tenant tenant, DeliverySource source, byte[] body) {
        Normalized normalized;
        try {
            normalized = tenant.normalizer().normalize(Delivery.of(tenant.id(), source, body));
        } catch (NormalizerException e) {
            quarantine(tenant, source, body, e);
            throw e;
        }
        return take(tenant, normalized, body);
    }

    /**
     * Takes a message that was found in Chatwoot, in the forms of its API.
     *
     * @param notBefore older messages are left alone
     * @return whether it was new
     */
    public boolean caughtUp(Tenants.Tenant tenant, JsonNode conversation, JsonNode message, Instant notBefore) {
        Normalized normalized = tenant.normalizer().fromApi(tenant.id(), conversation, message);
        if (normalized
                .timestamp()
                .isBefore(notBefore.truncatedTo(ChronoUnit.SECONDS))) { // Chatwoot's have no fractions
            return false;
        }
        if (isKnownAsAutomatic(tenant, normalized)) {
            return false;
        }
        if (normalized.reason() == Reason.HUMAN_OWNED) {
            Normalized opened = normalized;
            Optional<TakeBack.Taken> taken = TakeBack.of(
                    tenant, conversation, () -> takenBack(tenant, opened, List.of(takenBackEvent(tenant, opened))));
            if (taken.isPresent()) {
                takenBack(tenant, normalized, List.of());
                JsonNode pending = taken.get().conversation();
                taken.get().messages().forEach(each -> resume(tenant, pending, each));
                normalized = tenant.normalizer().fromApi(tenant.id(), pending, message);
            }
        }
        Receipt receipt = take(tenant, normalized, bytes(message), doubtful.test(normalized.timestamp()));
        if (receipt.duplicate() && normalized.reason() == Reason.CUSTOMER_MESSAGE) { // a crash may have come between
            resume(tenant, normalized, bytes(message));
        }
        return receipt.accepted();
    }

    /**
     * Takes a person's message or note that was found in Chatwoot right before the bot would have spoken. What is known
     * already, or says nothing about whose the conversation is, changes nothing; however old it is, as long as a person's
     * word counts, the bot is not to talk over it.
     */
    public void heard(Tenants.Tenant tenant, JsonNode conversation, JsonNode message) {
        Normalized normalized;
        try {
            normalized = tenant.normalizer().fromApi(tenant.id(), conversation, message);
        } catch (NormalizerException e) { // nobody could read its webhook either
            log.warn("tenant {}: a message of a person cannot be read ({})", tenant.id(), e.error());
            return;
        }
        if (normalized.ownership(tenant.humanPause()).isPresent()
                && !isKnownAsAutomatic(tenant, normalized)
                && !take(tenant, normalized, bytes(message), doubtful.test(normalized.timestamp()))
                        .duplicate()) {
            log.info("tenant {}: a person's word was found before its webhook", tenant.id());
        }
    }

    private void resume(Tenants.Tenant tenant, JsonNode conversation, JsonNode message) {
        Normalized normalized = tenant.normalizer().fromApi(tenant.id(), conversation, message);
        if (normalized.reason() == Reason.CUSTOMER_MESSAGE) {
            resume(tenant, normalized, bytes(message));
        }
    }

    private static byte[] bytes(JsonNode message) {
        return message.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Takes a known message in once more, where it was left without an answer because of the opening. */
    private void resume(Tenants.Tenant tenant, Normalized normalized, byte[] raw) {
        Optional<InboundMessage> message = normalized.message();
        if (message.isEmpty()) {
            return;
        }
        Resumption.keyOf(events, normalized.conversation(), message.get().messageId())
                .ifPresent(key -> engine.accept(
                        new InboundEvent(
                                normalized.conversation(),
                                "message_resumed",
                                List.of(key),
                                message.get(),
                                null,
                                tenant.times().flushesAtOnce(message.get()),
                                normalized.personKey(),
                                List.of(Resumption.event(
                                        normalized, message.get().messageId(), clock.instant())),
                                raw),
                        tenant.times().of(message.get())));
    }

    /** The conversation is the bot's from now on, whatever Chatwoot's late word of its opening says. */
    private void takenBack(Tenants.Tenant tenant, Normalized normalized, List<Event> because) {
        Instant now = clock.instant();
        engine.accept(
                new InboundEvent(
                        normalized.conversation(),
                        "conversation_taken_back",
                        List.of(),
                        null,
                        new OwnershipSignal(Owner.BOT, now, null, "taken_back", false),
                        false,
                        normalized.personKey(),
                        because,
                        new byte[0]),
                tenant.times().general());
    }

    private Event takenBackEvent(Tenants.Tenant tenant, Normalized normalized) {
        Instant now = clock.instant();
        return event(Uuid7.at(now), tenant, normalized, Resumption.TAKEN_BACK, now);
    }

    private Receipt take(Tenants.Tenant tenant, Normalized normalized, byte[] raw) {
        return take(tenant, normalized, raw, false);
    }

    /** @param doubtful it may have been dealt with by the database that was lost */
    private Receipt take(Tenants.Tenant tenant, Normalized normalized, byte[] raw, boolean doubtful) {
        Instant now = clock.instant();
        Optional<InboundMessage> message = normalized.message();
        Optional<OwnershipSignal> signal = normalized.ownership(tenant.humanPause());
        if (normalized.conversationId() == null || message.isEmpty() && signal.isEmpty()) {
            noteIgnored(tenant, normalized, now);
            return receipt(normalized, false, false);
        }
        Acceptance acceptance = engine.accept(
                new InboundEvent(
                        normalized.conversation(),
                        normalized.event(),
                        normalized.dedupeKeys(),
                        message.orElse(null),
                        signal.orElse(null),
                        message.map(tenant.times()::flushesAtOnce).orElse(false),
                        normalized.personKey(),
                        List.of(received(tenant, normalized, doubtful, now)),
                        raw),
                message.map(tenant.times()::of).orElseGet(tenant.times()::general));
        boolean accepted = message.isPresent() && acceptance == Acceptance.STORED;
        return receipt(normalized, accepted, acceptance == Acceptance.DUPLICATE);
    }

    private static Receipt receipt(Normalized normalized, boolean accepted, boolean duplicate) {
        return new Receipt(
                accepted, duplicate, normalized.reason().word(), normalized.conversationId(), normalized.messageId());
    }

    /**
     * A customer's message that is not answered leaves its reason as an event, and so does what was said automatically, as
     * Chatwoot's API does not tell that of a campaign, and what of ours was not delivered; repeating it changes nothing.
     * Everything else, such as what our own messages come back as, is counted.
     */
    private void noteIgnored(Tenants.Tenant tenant, Normalized normalized, Instant now) {
        if (FailedMessages.isOne(normalized)) {
            failed.note(normalized, now);
            return;
        }
        boolean created = normalized.event().equals("message_created") && normalized.messageId() != null;
        if (created && normalized.direction() == Direction.INCOMING) {
            events.append(List.of(event(idOfIgnored(tenant, normalized), tenant, normalized, "message.ignored", now)));
            return;
        }
        if (created && normalized.reason() == Reason.AUTOMATION_MESSAGE && normalized.conversationId() != null) {
            events.append(List.of(event(idOfIgnored(tenant, normalized), tenant, normalized, "message.observed", now)));
        }
        if (normalized.conversationId() != null) {
            ignored.note(new IgnoredDelivery(
                    normalized.conversation(),
                    normalized.event(),
                    normalized.reason().word(),
                    1,
                    now,
                    now,
                    normalized.messageId()));
        }
    }

    /** Whether what looks like a person's word in Chatwoot's API is a campaign's by its webhook. */
    private boolean isKnownAsAutomatic(Tenants.Tenant tenant, Normalized normalized) {
        return normalized.reason() == Reason.HUMAN_AGENT_MESSAGE
                && events.find(tenant.id(), idOfIgnored(tenant, normalized)).isPresent();
    }

    private static String idOfIgnored(Tenants.Tenant tenant, Normalized normalized) {
        String key = tenant.id() + "/ignored/" + normalized.accountId() + "/" + normalized.messageId();
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Event received(Tenants.Tenant tenant, Normalized normalized, boolean doubtful, Instant now) {
        String type = switch (normalized.direction()) {
            case INCOMING -> "message.received";
            case OUTGOING, ACTIVITY, TEMPLATE -> "message.observed";
            case EVENT -> "conversation.observed";
        };
        Map<String, Object> more = doubtful ? Map.of(Reconciliation.BEFORE_RESTORE, true) : Map.of();
        return event(Uuid7.at(now), tenant, normalized, type, more, now);
    }

    private static Event event(String id, Tenants.Tenant tenant, Normalized normalized, String type, Instant now) {
        return event(id, tenant, normalized, type, Map.of(), now);
    }

    private static Event event(
            String id,
            Tenants.Tenant tenant,
            Normalized normalized,
            String type,
            Map<String, Object> more,
            Instant now) {
        Map<String, Object> payload = new LinkedHashMap<>(more);
        payload.put("event", normalized.event());
        payload.put("reason", normalized.reason().word());
        if (normalized.messageId() != null) {
            payload.put("message_id", normalized.messageId());
        }
        payload.put("type", normalized.type().word());
        payload.put("text", normalized.content());
        return new Event(
                id,
                tenant.id(),
                normalized.conversationId() == null ? null : normalized.conversation(),
                normalized.personKey(),
                type,
                1,
                payload,
                sourceOf(normalized),
                null,
                normalized.messageId() == null ? null : String.valueOf(normalized.messageId()),
                0,
                now);
    }

    private static Event.Source sourceOf(Normalized normalized) {
        return switch (normalized.senderKind()) {
            case CONTACT -> Event.Source.CUSTOMER;
            case USER -> normalized.reason() == Reason.AUTOMATION_MESSAGE ? Event.Source.RULE : Event.Source.PERSON;
            case AGENT_BOT, CAPTAIN_ASSISTANT -> Event.Source.BOT;
            case NONE -> normalized.humanTakeoverSignal() ? Event.Source.PERSON : Event.Source.SYSTEM;
        };
    }

    private void quarantine(Tenants.Tenant tenant, DeliverySource source, byte[] body, NormalizerException failure) {
        log.warn("tenant {}: a delivery cannot be read ({}); it is in quarantine", tenant.id(), failure.error());
        Instant now = clock.instant();
        Map<String, Object> payload = Map.of(
                "source", source.word(),
                "error", failure.error().name().toLowerCase(Locale.ROOT),
                "raw", new String(body, StandardCharsets.UTF_8));
        events.append(List.of(new Event(
                Uuid7.at(now),
                tenant.id(),
                null,
                null,
                QUARANTINED,
                1,
                payload,
                Event.Source.SYSTEM,
                null,
                null,
                0,
                now)));
    }
}
