package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.normalizer.Normalized;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A normalized delivery in the words of the API and the command line. */
public final class NormalizedView {

    private NormalizedView() {}

    /** Every fact, with the numbers as numbers: what {@code wppflow normalize} writes. */
    public static Map<String, Object> facts(Normalized normalized) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("actionable", normalized.actionable());
        view.put("reason", normalized.reason().word());
        view.put("direction", normalized.direction().name().toLowerCase(Locale.ROOT));
        view.put("event", normalized.event());
        view.put("type", normalized.type().word());
        view.put("phone_e164", normalized.phoneE164());
        view.put("phone_e164_canonical", normalized.phoneE164Canonical());
        view.put("conversation_id", normalized.conversationId());
        view.put("message_id", normalized.messageId());
        view.put("account_id", normalized.accountId());
        view.put("inbox_id", normalized.inboxId());
        view.put("content", normalized.content());
        view.put(
                "attachments",
                normalized.attachments().stream()
                        .map(NormalizedView::attachment)
                        .toList());
        view.put("sender_kind", normalized.senderKind().word());
        view.put("human_owned", normalized.humanOwned());
        view.put("human_takeover_signal", normalized.humanTakeoverSignal());
        view.put("delivery_failed", normalized.deliveryFailed());
        view.put("in_reply_to", normalized.inReplyTo());
        view.put("latitude", normalized.latitude());
        view.put("longitude", normalized.longitude());
        return view;
    }

    /** The first system's fields, and every fact besides: what {@code POST /api/v1/messages/normalize} answers. */
    public static Map<String, Object> message(Normalized normalized) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("source", normalized.source().word());
        metadata.put("source_id", normalized.sourceId());
        metadata.put("contact_id", normalized.customer().contactId());
        metadata.put("contact_name", normalized.customer().name());
        metadata.put(
                "status",
                normalized.status() == null ? null : normalized.status().word());
        metadata.put("labels", normalized.labels());
        metadata.put(
                "assignee", normalized.assignee().map(NormalizedView::assignee).orElse(null));

        Map<String, Object> view = new LinkedHashMap<>();
        view.put("tenant_id", normalized.tenant().value());
        view.put("phone", digits(normalized.phoneE164()));
        view.put("timestamp", normalized.timestamp().toEpochMilli());
        view.put("metadata", metadata);
        view.putAll(facts(normalized));
        view.put("conversation_id", text(normalized.conversationId()));
        return view;
    }

    private static Map<String, Object> attachment(Attachment attachment) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", attachment.id());
        view.put("type", attachment.kind().word());
        view.put("file_url", attachment.url());
        view.put("data_url", attachment.url());
        view.put(
                "file_type",
                attachment.kind() == ContentType.DOCUMENT
                        ? "file"
                        : attachment.kind().word());
        view.put("content_type", attachment.mimeType());
        view.put("file_name", attachment.fileName());
        view.put("file_size", attachment.sizeBytes());
        view.put("transcript", attachment.transcript());
        view.put("latitude", attachment.latitude());
        view.put("longitude", attachment.longitude());
        view.put("title", attachment.title());
        return view;
    }

    private static Map<String, Object> assignee(Normalized.Assignee assignee) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("kind", assignee.kind().word());
        view.put("id", assignee.id());
        return view;
    }

    private static @Nullable String digits(@Nullable String e164) {
        return e164 == null ? null : e164.substring(1);
    }

    private static @Nullable String text(@Nullable Long number) {
        return number == null ? null : String.valueOf(number);
    }
}
