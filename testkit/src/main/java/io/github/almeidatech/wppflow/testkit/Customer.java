package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who writes from WhatsApp. Every call stores a message, queues its webhooks and returns; with a full queue it
 * waits. Thread-safe; messages of one customer have the order of the calls.
 */
public final class Customer {

    private final Desk desk;
    private final People.Writer writer;
    private final @Nullable Long inbox;

    Customer(Desk desk, People.Writer writer, @Nullable Long inbox) {
        this.desk = desk;
        this.writer = writer;
        this.inbox = inbox;
    }

    /** The same person writing to another inbox. */
    public Customer in(long inboxId) {
        return new Customer(desk, writer, inboxId);
    }

    public ChatMessage writes(String text) {
        return receive(text, message -> {});
    }

    /** An answer to an earlier message, quoting it. */
    public ChatMessage answers(long quotedMessage, String text) {
        return receive(
                text,
                message -> message.contentAttributes
                        .put("in_reply_to", quotedMessage)
                        .putNull("in_reply_to_external_id"));
    }

    /** Any file. The content type decides what kind of attachment it becomes. */
    public ChatMessage sendsFile(String fileName, String contentType, byte[] content, @Nullable String caption) {
        var upload = new Upload(fileName, contentType, new Upload.Bytes(content.clone()));
        return receive(caption, message -> message.attachments.add(desk.store(upload)));
    }

    /** A voice note in Ogg/Opus, without caption. */
    public ChatMessage sendsVoiceNote(byte[] ogg) {
        return sendsFile("audio.ogg", "audio/ogg", ogg, null);
    }

    public ChatMessage sendsImage(byte[] jpeg, @Nullable String caption) {
        return sendsFile("foto.jpg", "image/jpeg", jpeg, caption);
    }

    public ChatMessage sendsPdf(String fileName, byte[] pdf, @Nullable String caption) {
        return sendsFile(fileName, "application/pdf", pdf, caption);
    }

    /** A sticker, which Chatwoot shows as an image without caption. */
    public ChatMessage sendsSticker(byte[] webp) {
        return sendsFile("sticker.webp", "image/webp", webp, null);
    }

    /**
     * Sends a place.
     *
     * @param title name and address, or none for a bare pin
     */
    public ChatMessage sendsLocation(double latitude, double longitude, @Nullable String title) {
        var attachment = new Rows.Attachment();
        attachment.fileType = "location";
        attachment.latitude = latitude;
        attachment.longitude = longitude;
        attachment.fallbackTitle = title;
        return receive(null, message -> message.attachments.add(attachment));
    }

    public ChatMessage sendsContact(String firstName, String lastName, String phone) {
        var attachment = new Rows.Attachment();
        attachment.fileType = "contact";
        attachment.fallbackTitle = phone;
        attachment.meta = RailsJson.object().put("firstName", firstName).put("lastName", lastName);
        return receive(firstName + " " + lastName, message -> message.attachments.add(attachment));
    }

    /** A reaction as the forks with other WhatsApp channels store it; the original drops reactions. */
    public ChatMessage reacts(long toMessage, String emoji) {
        return receive(
                emoji,
                message -> message.contentAttributes.put("is_reaction", true).put("in_reply_to", toMessage));
    }

    /** Something Chatwoot cannot show, such as a poll. */
    public ChatMessage sendsUnsupported() {
        return receive(
                "Esta mensagem não é suportada.", message -> message.contentAttributes.put("is_unsupported", true));
    }

    /** A message with neither text nor file, as orders and system messages arrive. */
    public ChatMessage sendsNothing() {
        return receive(null, message -> {});
    }

    /**
     * The same WhatsApp message arriving twice as two Chatwoot messages with different ids and one source id, as happens
     * when Meta delivers twice.
     */
    public List<ChatMessage> writesDoubled(String text) {
        var first = receive(text, message -> message.sourceId = "wamid.TWICE" + Installation.randomToken());
        var source = desk.sourceIdOf(first.id());
        return List.of(first, receive(text, message -> message.sourceId = source));
    }

    /** A text with content attributes of any kind, for shapes not foreseen here. */
    public ChatMessage sends(@Nullable String text, ObjectNode contentAttributes) {
        return receive(text, message -> message.contentAttributes.setAll(contentAttributes));
    }

    private ChatMessage receive(@Nullable String text, Consumer<Rows.Message> also) {
        return desk.receive(writer, inbox, text, also);
    }

    @Override
    public String toString() {
        return "Customer[…]";
    }
}
