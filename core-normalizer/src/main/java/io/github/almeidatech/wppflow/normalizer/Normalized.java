package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One delivery, understood: what it is, whether it wants an answer and why (not), and every fact it holds. Immutable.
 * Facts the delivery does not hold are null, empty or false.
 */
public final class Normalized {

    private final TenantId tenant;
    private final DeliverySource source;
    private final String event;
    private final Reason reason;
    private final @Nullable MessageFacts message;
    private final @Nullable ConversationFacts conversation;
    private final Customer customer;
    private final @Nullable Long accountId;
    private final @Nullable Long inboxId;
    private final Instant timestamp;
    private final boolean humanOwned;
    private final @Nullable InboundMessage inbound;
    private final @Nullable OwnershipSign sign;
    private final List<String> dedupeKeys;

    Normalized(
            TenantId tenant,
            DeliverySource source,
            String event,
            Reason reason,
            @Nullable MessageFacts message,
            @Nullable ConversationFacts conversation,
            Customer customer,
            @Nullable Long accountId,
            @Nullable Long inboxId,
            Instant timestamp,
            boolean humanOwned,
            @Nullable InboundMessage inbound,
            @Nullable OwnershipSign sign,
            List<String> dedupeKeys) {
        this.tenant = tenant;
        this.source = source;
        this.event = event;
        this.reason = reason;
        this.message = message;
        this.conversation = conversation;
        this.customer = customer;
        this.accountId = accountId;
        this.inboxId = inboxId;
        this.timestamp = timestamp;
        this.humanOwned = humanOwned;
        this.inbound = inbound;
        this.sign = sign;
        this.dedupeKeys = List.copyOf(dedupeKeys);
    }

    Normalized with(InboundMessage stored) {
        return new Normalized(
                tenant,
                source,
                event,
                reason,
                message,
                conversation,
                customer,
                accountId,
                inboxId,
                timestamp,
                humanOwned,
                stored,
                sign,
                dedupeKeys);
    }

    /**
     * Whom a conversation is assigned to.
     *
     * @param kind a person ({@link SenderKind#USER}) or a bot
     * @param id Chatwoot's id of that kind
     */
    public record Assignee(SenderKind kind, @Nullable Long id) {}

    /** Whose it is. */
    public TenantId tenant() {
        return tenant;
    }

    /** Who brought it. */
    public DeliverySource source() {
        return source;
    }

    /** Chatwoot's word, such as {@code message_created}. */
    public String event() {
        return event;
    }

    /** What it was taken for. */
    public Reason reason() {
        return reason;
    }

    /** Whether it is a customer's message that wants an answer. */
    public boolean actionable() {
        return reason == Reason.CUSTOMER_MESSAGE;
    }

    /** Which way the message goes; {@link Direction#EVENT} when it is about no message. */
    public Direction direction() {
        return message == null ? Direction.EVENT : message.direction();
    }

    /** What the message mainly is: its first attachment, or else its text; {@link ContentType#EVENT} for no message. */
    public ContentType type() {
        return message == null ? ContentType.EVENT : message.type();
    }

    /** The text as it was written, or the caption. NUL and half surrogate pairs are replaced. At most 150 000 characters. */
    public String content() {
        return message == null ? "" : message.content();
    }

    /** In the order delivered; at most 15. */
    public List<Attachment> attachments() {
        return message == null ? List.of() : message.attachments();
    }

    /** Chatwoot's account: of the body, else the configured one. */
    public @Nullable Long accountId() {
        return accountId;
    }

    /** Chatwoot's inbox. */
    public @Nullable Long inboxId() {
        return inboxId;
    }

    /** Chatwoot's display number of the conversation, unique in its account. */
    public @Nullable Long conversationId() {
        return conversation == null ? null : (Long) conversation.id();
    }

    /**
     * The conversation; account 0 when that is unknown.
     *
     * @throws IllegalStateException when the delivery is about none
     */
    public ConversationId conversation() {
        if (conversation == null) {
            throw new IllegalStateException(event + " is about no conversation");
        }
        return new ConversationId(tenant, accountId == null ? 0 : accountId, conversation.id());
    }

    /** Chatwoot's message id. */
    public @Nullable Long messageId() {
        return message == null ? null : message.id();
    }

    /** The message's id at the channel, such as {@code wamid.…}. */
    public @Nullable String sourceId() {
        return message == null ? null : message.sourceId();
    }

    /** Who wrote the message. */
    public SenderKind senderKind() {
        return message == null ? SenderKind.NONE : message.senderKind();
    }

    /** The customer the conversation is with, whoever wrote. */
    public Sender customer() {
        return customer.sender();
    }

    /** The customer's phone as delivered: plus and digits. */
    public @Nullable String phoneE164() {
        return customer.sender().phone();
    }

    /** The customer's phone for matching; never to be sent to. */
    public @Nullable String phoneE164Canonical() {
        return customer.canonicalPhone();
    }

    /** Equal keys mean the same customer inside one tenant; null when nothing identifies them, and for groups. */
    public @Nullable String personKey() {
        return customer.sender().personKey();
    }

    /** By status and assignee, a person answers this conversation. */
    public boolean humanOwned() {
        return humanOwned;
    }

    /** A person answered the customer just now. */
    public boolean humanTakeoverSignal() {
        return reason == Reason.HUMAN_AGENT_MESSAGE;
    }

    /** The message could not be delivered to the customer. */
    public boolean deliveryFailed() {
        return message != null && message.deliveryFailed();
    }

    /**
     * Why it could not be delivered, in the channel's words, such as {@code 131047: Re-engagement message}. At most 200
     * characters; empty when that is not said.
     */
    public String deliveryError() {
        return message == null ? "" : message.deliveryError();
    }

    /** The value of the key by which what we send is recognised, at most 100 characters; null when the message has none. */
    public @Nullable String ownKey() {
        return message == null ? null : message.ownKey();
    }

    /** Chatwoot's id of the message this one quotes. */
    public @Nullable Long inReplyTo() {
        return message == null ? null : message.inReplyTo();
    }

    /** Degrees, of the first location. */
    public @Nullable Double latitude() {
        return location().map(Attachment::latitude).orElse(null);
    }

    /** Degrees, of the first location. */
    public @Nullable Double longitude() {
        return location().map(Attachment::longitude).orElse(null);
    }

    private Optional<Attachment> location() {
        return attachments().stream()
                .filter(each -> each.kind() == ContentType.LOCATION)
                .findFirst();
    }

    /** The conversation's status when the body was built. */
    public @Nullable ConversationStatus status() {
        return conversation == null ? null : conversation.status();
    }

    /** Whom the conversation was assigned to when the body was built. */
    public Optional<Assignee> assignee() {
        return conversation == null || conversation.assignedTo() == SenderKind.NONE
                ? Optional.empty()
                : Optional.of(new Assignee(conversation.assignedTo(), conversation.assigneeId()));
    }

    /** The conversation's labels; at most 100. */
    public List<String> labels() {
        return conversation == null ? List.of() : conversation.labels();
    }

    /** When it happened, by Chatwoot's clock; when we read it, if Chatwoot does not say. */
    public Instant timestamp() {
        return timestamp;
    }

    /**
     * The customer's message, to be stored: to be answered when {@link #actionable()}, and as history when the reason is
     * {@link Reason#HUMAN_OWNED} ({@link #ownership} then says so). Empty for everything else. Where the first system's
     * form gave no message id, a negative one stands in that grows with time.
     */
    public Optional<InboundMessage> message() {
        return Optional.ofNullable(inbound);
    }

    /**
     * What the delivery says about who answers from now on, if anything.
     *
     * <p>A person's ownership ends {@code humanPause} after the last sign of it: a person's message counts from when it was
     * written; a state (open, assigned) from when we read it, and at least a minute. A command in a private note,
     * {@code #bot off}, has no end but {@code #bot on}, a change to pending, or resolving, unless it says one ({@code #bot off
     * 2h}, with {@code m}, {@code h} or {@code d}). The reason is one of
     * {@code human_agent_message}, {@code human_owned}, {@code person_assigned}, {@code bot_assigned},
     * {@code conversation_pending}, {@code conversation_resolved}, {@code conversation_snoozed},
     * {@code conversation_opened}, {@code conversation_opened_unattended} (from pending, without an assignee or team, the
     * customer having spoken last: what Chatwoot does when our webhook fails, and seldom what a person does),
     * {@code bot_on_command} and {@code bot_off_command}.
     *
     * @param humanPause how long the bot is silent after a person; not negative
     */
    public Optional<OwnershipSignal> ownership(Duration humanPause) {
        return Optional.ofNullable(sign).map(known -> known.signal(humanPause));
    }

    /**
     * By what the same event is recognised inside the tenant when it comes again; one known key suffices. They do not
     * depend on who brought it. A message has one or two; a change of a conversation one, or none when it may be applied
     * again; what is not to be stored has none.
     */
    public List<String> dedupeKeys() {
        return dedupeKeys;
    }

    @Override
    public String toString() {
        return "Normalized[" + event + ", " + reason.word() + ", " + accountId + "/" + conversationId() + "#"
                + messageId() + "]";
    }
}
