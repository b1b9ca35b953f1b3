package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a simulated installation, as its database would hold them. Mutable, guarded by the lock of the
 * {@link Installation} that owns them, and written to the {@link Journal} field by field.
 */
final class Rows {

    private Rows() {}

    static final int INCOMING = 0;
    static final int OUTGOING = 1;
    static final int ACTIVITY = 2;
    static final int TEMPLATE = 3;

    static final class User {
        long id;
        String name = "";
        String email = "";
        /** {@code administrator} or {@code agent}. */
        String role = "agent";

        String token = "";
        /** {@code online}, {@code busy} or {@code offline}. */
        volatile String availability = "online";
    }

    static final class Bot {
        long id;
        String name = "";

        @Nullable
        String outgoingUrl;

        String token = "";
        String secret = "";
    }

    static final class Webhook {
        long id;
        String url = "";

        @Nullable
        String name;

        List<String> subscriptions = new ArrayList<>();
        String secret = "";
    }

    static final class Inbox {
        long id;
        String name = "";
        String channel = "";

        @Nullable
        Long botId;

        @Nullable
        String webhookUrl;

        String secret = "";
        boolean singleConversation;
    }

    static final class Team {
        long id;
        String name = "";
    }

    static final class Contact {
        long id;
        String name = "";

        @Nullable
        String phoneNumber;

        @Nullable
        String email;

        @Nullable
        String identifier;

        boolean blocked;
        ObjectNode customAttributes = RailsJson.object();
        ObjectNode additionalAttributes = RailsJson.object();
        List<String> labels = new ArrayList<>();
        Instant createdAt = Instant.EPOCH;

        @Nullable
        Instant lastActivityAt;
    }

    static final class ContactInbox {
        long id;
        long contactId;
        long inboxId;
        String sourceId = "";
        String pubsubToken = "";
        Instant createdAt = Instant.EPOCH;
    }

    static final class Conversation {
        /** The display id, the only one the outside ever sees. */
        long id;

        String uuid = "";
        long inboxId;
        long contactId;
        long contactInboxId;
        String status = "open";

        @Nullable
        String priority;

        @Nullable
        Long assigneeId;

        @Nullable
        Long assigneeBotId;

        @Nullable
        Long teamId;

        List<String> labels = new ArrayList<>();
        ObjectNode customAttributes = RailsJson.object();
        ObjectNode additionalAttributes = RailsJson.object();

        @Nullable
        Instant snoozedUntil;

        @Nullable
        Instant waitingSince;

        @Nullable
        Instant firstReplyAt;

        @Nullable
        Instant agentLastSeenAt;

        @Nullable
        Instant contactLastSeenAt;

        Instant lastActivityAt = Instant.EPOCH;
        Instant createdAt = Instant.EPOCH;
        Instant updatedAt = Instant.EPOCH;
    }

    static final class Message {
        long id;
        long conversationId;

        @Nullable
        String content;

        int messageType;
        String contentType = "text";
        boolean isPrivate;
        String status = "sent";

        @Nullable
        String sourceId;

        ObjectNode contentAttributes = RailsJson.object();
        ObjectNode additionalAttributes = RailsJson.object();
        /** {@code Contact}, {@code User}, {@code AgentBot} or none. */
        @Nullable
        String senderType;

        @Nullable
        Long senderId;

        List<Attachment> attachments = new ArrayList<>();
        Instant createdAt = Instant.EPOCH;
        Instant updatedAt = Instant.EPOCH;
        /** Before this, lists do not show the message. */
        Instant visibleFrom = Instant.EPOCH;
        /** When it reached the customer's phone; none for what never does. */
        @Nullable
        Instant seenAt;

        boolean sendable() {
            return messageType != ACTIVITY;
        }
    }

    static final class Attachment {
        long id;
        String fileType = "file";

        @Nullable
        String blobKey;

        @Nullable
        String fileName;

        @Nullable
        String contentType;

        long fileSize;

        @Nullable
        Double latitude;

        @Nullable
        Double longitude;

        @Nullable
        String fallbackTitle;

        @Nullable
        String transcribedText;

        @Nullable
        ObjectNode meta;
    }

    /** A delivery that waits, so that a restart continues with it. */
    static final class Waiting {
        long id;
        String deliveryId = "";
        String target = "";
        long targetId;
        String event = "";

        @Nullable
        Long conversationId;

        @Nullable
        Long messageId;
        /** None while the body is still to be built from the state at sending. */
        @Nullable
        String body;

        @Nullable
        String changes;
    }
}
