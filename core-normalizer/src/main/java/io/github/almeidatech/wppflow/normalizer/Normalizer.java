package io.github.almeidatech.wppflow.normalizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Chatwoot delivers, raw or wrapped by n8n, with one tenant's settings. Authenticity is checked before, by
 * whoever received it. The same bytes give the same result, but for times Chatwoot leaves out. Immutable, thread-safe,
 * without input or output.
 */
public final class Normalizer {

    static final String MESSAGE_CREATED = "message_created";

    private final String phoneRegion;
    private final OwnershipMode ownership;
    private final @Nullable Long account;
    private final String ownMessageKey;
    private final InstantSource clock;
    private final DecisionTable table;

    private Normalizer(Builder builder) {
        this.phoneRegion = builder.phoneRegion;
        this.ownership = builder.ownership;
        this.account = builder.account;
        this.ownMessageKey = builder.ownMessageKey;
        this.clock = builder.clock;
        this.table = new DecisionTable(builder.inboxes, builder.extraWhatsappInboxes);
    }

    /** A builder; every setting has a default. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What a delivery means.
     *
     * @throws NormalizerException when it cannot be read; the same bytes will never be readable
     */
    public Normalized normalize(Delivery delivery) {
        PayloadForm form = PayloadForm.unwrap(StrictJson.parse(delivery.body()), delivery.tenant());
        Fields body = new Fields(form.payload(), "");
        String event = body.word("event", 64);
        if (event == null) {
            throw body.missing("event");
        }
        Reading reading = new Reading(delivery.tenant(), delivery.source(), event, clock.instant());
        if (event.startsWith("automation_event")) {
            return ofConversation(reading, body, body, Reason.CONVERSATION_SHAPED_EVENT);
        }
        return switch (event) {
            case MESSAGE_CREATED, "message_updated", "message_incoming", "message_outgoing" ->
                ofMessage(reading, body, body.requiredObject("conversation"), !form.handMade());
            case "conversation_created",
                    "conversation_updated",
                    "conversation_status_changed",
                    "conversation_opened",
                    "conversation_resolved",
                    "macro.executed" -> ofConversation(reading, body, body, Reason.NOT_MESSAGE_CREATED);
            case "conversation_typing_on", "conversation_typing_off" ->
                ofConversation(reading, body, body.requiredObject("conversation"), Reason.NOT_MESSAGE_CREATED);
            default -> ofAnythingElse(reading, body);
        };
    }

    /**
     * The same for a message found through Chatwoot's API, because its webhook may have been lost: as if its
     * {@code message_created} came now, with the same keys, so that only one of the two is taken.
     *
     * @param conversation as {@code GET /conversations} or {@code /conversations/{id}} gives it
     * @param message as {@code GET /conversations/{id}/messages} gives it
     * @throws NormalizerException when either cannot be read, or they do not belong together
     */
    public Normalized fromApi(TenantId tenant, JsonNode conversation, JsonNode message) {
        if (!conversation.isObject() || !message.isObject()) {
            throw new NormalizerException(NormalizerError.UNKNOWN_FORM, null, "a conversation and a message wanted");
        }
        Fields body = new Fields(message, "");
        Fields around = new Fields(conversation, "conversation");
        Long belongsTo = body.id("conversation_id");
        if (belongsTo != null && !belongsTo.equals(around.id("id"))) {
            throw body.impossible("conversation_id", "the conversation's id");
        }
        return ofMessage(
                new Reading(tenant, DeliverySource.CATCH_UP, MESSAGE_CREATED, clock.instant()), body, around, true);
    }

    /** What is known of a delivery before its body is read. */
    private record Reading(TenantId tenant, DeliverySource source, String event, Instant arrival) {}

    private Normalized ofMessage(Reading reading, Fields body, Fields around, boolean idNeeded) {
        ConversationFacts conversation = ConversationFacts.read(around);
        MessageFacts message = MessageFacts.read(body, conversation.newest(), idNeeded, ownMessageKey);
        Long accountId = account(body, conversation);
        Long inboxId = inbox(body, conversation);
        Customer customer = Customer.of(message.sender(), conversation, accountId, phoneRegion);
        boolean pendingIsTheBots = ownership.pendingIsTheBots(reading.source());
        boolean humanOwned = DecisionTable.humanOwned(conversation, pendingIsTheBots);
        boolean created = reading.event().equals(MESSAGE_CREATED);
        Reason reason = created
                ? table.ofMessage(message, conversation, customer, inboxId, humanOwned)
                : Reason.NOT_MESSAGE_CREATED;
        Instant sentAt =
                first(reading.arrival(), message.createdAt(), conversation.lastActivityAt(), conversation.changedAt());
        OwnershipSign sign = table.serves(inboxId)
                ? OwnershipSign.ofMessage(
                        reason,
                        message,
                        conversation,
                        sentAt,
                        reading.arrival(),
                        reading.source() == DeliverySource.CATCH_UP)
                : null;
        Normalized bare = new Normalized(
                reading.tenant(),
                reading.source(),
                reading.event(),
                reason,
                message,
                conversation,
                customer,
                accountId,
                inboxId,
                sentAt,
                humanOwned,
                null,
                sign,
                created ? keys(accountId, inboxId, message, conversation, reading.arrival()) : List.of());
        return reason == Reason.CUSTOMER_MESSAGE || reason == Reason.HUMAN_OWNED
                ? bare.with(inbound(bare, message, reading.arrival()))
                : bare;
    }

    private static List<String> keys(
            @Nullable Long accountId,
            @Nullable Long inboxId,
            MessageFacts message,
            ConversationFacts conversation,
            Instant arrival) {
        return message.id() == null
                ? DedupeKeys.ofHandMade(accountId, conversation.id(), message, arrival)
                : DedupeKeys.ofMessage(accountId, inboxId, message.id(), message);
    }

    private static InboundMessage inbound(Normalized normalized, MessageFacts message, Instant arrival) {
        return new InboundMessage(
                normalized.conversation(),
                message.id() == null ? standIn(arrival) : message.id(),
                normalized.inboxId(),
                normalized.timestamp(),
                message.type(),
                message.content(),
                message.attachments(),
                normalized.customer(),
                message.inReplyTo());
    }

    /** In the order of arrival, below every id of Chatwoot's, so that none is ever taken for a newer message. */
    private static long standIn(Instant arrival) {
        return arrival.getEpochSecond() * 1_000_000 + arrival.getNano() / 1_000 - (1L << 53);
    }

    private Normalized ofConversation(Reading reading, Fields body, Fields around, Reason reason) {
        ConversationFacts conversation = ConversationFacts.read(around);
        Long accountId = account(body, conversation);
        boolean pendingIsTheBots = ownership.pendingIsTheBots(reading.source());
        OwnershipSign sign = table.serves(conversation.inboxId())
                ? OwnershipSign.ofEvent(reading.event(), body, conversation, pendingIsTheBots, reading.arrival())
                : null;
        return new Normalized(
                reading.tenant(),
                reading.source(),
                reading.event(),
                reason,
                null,
                conversation,
                Customer.of(null, conversation, accountId, phoneRegion),
                accountId,
                conversation.inboxId(),
                first(reading.arrival(), conversation.changedAt(), conversation.lastActivityAt()),
                DecisionTable.humanOwned(conversation, pendingIsTheBots),
                null,
                sign,
                DedupeKeys.ofChange(accountId, conversation, sign));
    }

    /** Contacts, inboxes, and what Chatwoot or a fork of it may invent: nothing of it is needed, so nothing is required. */
    private Normalized ofAnythingElse(Reading reading, Fields body) {
        Fields inbox = body.objectIfAny("inbox");
        Fields named = body.objectIfAny("account");
        Long accountId = theTenants(named == null ? null : named.idIfAny("id"), "account.id");
        boolean contact =
                reading.event().equals("contact_created") || reading.event().equals("contact_updated");
        return new Normalized(
                reading.tenant(),
                reading.source(),
                reading.event(),
                Reason.NOT_MESSAGE_CREATED,
                null,
                null,
                contact ? Customer.of(body, null, accountId, phoneRegion) : Customer.UNKNOWN,
                accountId,
                inbox == null ? null : inbox.idIfAny("id"),
                reading.arrival(),
                false,
                null,
                null,
                List.of());
    }

    private @Nullable Long account(Fields body, ConversationFacts conversation) {
        Fields named = body.object("account");
        Long id = named == null ? body.id("account_id") : named.id("id");
        return theTenants(id == null ? conversation.accountId() : id, "account.id");
    }

    /** One account's events on another's address are a mistake or an attack; an event that names none is the tenant's. */
    private @Nullable Long theTenants(@Nullable Long named, String path) {
        if (named != null && account != null && !named.equals(account)) {
            throw new NormalizerException(NormalizerError.FOREIGN_ACCOUNT, path, "not the tenant's account");
        }
        return named == null ? account : named;
    }

    private static @Nullable Long inbox(Fields body, ConversationFacts conversation) {
        Fields inbox = body.object("inbox");
        Long id = inbox == null ? body.id("inbox_id") : inbox.id("id");
        return id == null ? conversation.inboxId() : id;
    }

    private static Instant first(Instant otherwise, @Nullable Instant... times) {
        for (Instant each : times) {
            if (each != null) {
                return each;
            }
        }
        return otherwise;
    }

    /** Settings of a {@link Normalizer}. */
    public static final class Builder {

        private String phoneRegion = "BR";
        private Set<Long> inboxes = Set.of();
        private Set<Long> extraWhatsappInboxes = Set.of();
        private OwnershipMode ownership = OwnershipMode.BY_SOURCE;
        private @Nullable Long account;
        private String ownMessageKey = "flow_key";
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /** The country of phone numbers without a country code, two capital letters. Default {@code BR}. */
        public Builder phoneRegion(String region) {
            this.phoneRegion = region;
            return this;
        }

        /** The only inboxes served. Default: none named, and all are served. */
        public Builder inboxes(Collection<Long> ids) {
            this.inboxes = Set.copyOf(ids);
            return this;
        }

        /** Inboxes taken for WhatsApp whatever their channel. Default: none. */
        public Builder extraWhatsappInboxes(Collection<Long> ids) {
            this.extraWhatsappInboxes = Set.copyOf(ids);
            return this;
        }

        /** How a conversation's state tells who owns it. Default {@link OwnershipMode#BY_SOURCE}. */
        public Builder ownership(OwnershipMode mode) {
            this.ownership = mode;
            return this;
        }

        /**
         * The tenant's Chatwoot account: taken where a body names none, as conversation events before 4.14.2 do not; a body
         * that names another is refused. Default: unknown, and any is accepted.
         */
        public Builder account(long id) {
            this.account = id;
            return this;
        }

        /**
         * The key in {@code content_attributes} by which we know what we sent ourselves, also when it was sent with a
         * person's token. Default {@code flow_key}.
         */
        public Builder ownMessageKey(String key) {
            this.ownMessageKey = key;
            return this;
        }

        /** When a delivery is read. Default: the system's clock. */
        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        /**
         * The normalizer.
         *
         * @throws IllegalArgumentException when a setting cannot be
         */
        public Normalizer build() {
            Phones.parse("", phoneRegion);
            if (account != null && account < 1) {
                throw new IllegalArgumentException("an account id of at least 1 wanted, got " + account);
            }
            if (ownMessageKey.isBlank()) {
                throw new IllegalArgumentException("a key that is not blank wanted");
            }
            return new Normalizer(this);
        }
    }
}
