package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what an event is recognised when it comes again: by another route, from another sender, or found by catch-up. */
final class DedupeKeys {

    private DedupeKeys() {}

    /**
     * Of a created message: Chatwoot's id, and for a customer's the channel's id as well, because Meta delivers twice and
     * Chatwoot then makes two messages of one. Contact cards are left out of the second: several sent together are several
     * messages with one id.
     */
    static List<String> ofMessage(@Nullable Long accountId, @Nullable Long inboxId, long id, MessageFacts message) {
        List<String> keys = new ArrayList<>();
        keys.add(account(accountId) + "/" + Normalizer.MESSAGE_CREATED + "/" + id);
        boolean card = message.attachments().stream().anyMatch(each -> each.kind() == ContentType.CONTACT);
        if (message.direction() == Direction.INCOMING && message.sourceId() != null && inboxId != null && !card) {
            keys.add(account(accountId) + "/inbox/" + inboxId + "/" + message.sourceId());
        }
        return keys;
    }

    /** Of a message without an id: the same words in the same conversation in the same minute. */
    static List<String> ofHandMade(
            @Nullable Long accountId, long conversationId, MessageFacts message, Instant arrival) {
        StringBuilder text = new StringBuilder(message.content());
        for (Attachment each : message.attachments()) {
            text.append('\n').append(each.id()).append(' ').append(each.url());
        }
        return List.of(account(accountId) + "/hand_made/" + conversationId + "/"
                + arrival.truncatedTo(ChronoUnit.MINUTES).getEpochSecond() + "/" + sha256(text.toString()));
    }

    /** Of a change of a conversation: what it means and when it became so; none when Chatwoot does not say when. */
    static List<String> ofChange(
            @Nullable Long accountId, ConversationFacts conversation, @Nullable OwnershipSign sign) {
        Instant at = conversation.changedAt();
        if (sign == null || at == null) {
            return List.of();
        }
        return List.of(account(accountId) + "/conversation/" + conversation.id() + "/" + at + "/" + sign.reason());
    }

    private static long account(@Nullable Long accountId) {
        return accountId == null ? 0 : accountId;
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
