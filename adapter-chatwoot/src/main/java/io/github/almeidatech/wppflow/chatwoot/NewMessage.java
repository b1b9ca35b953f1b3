package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A message to be created. Texts are sent exactly as given: rendering and the neutralising of Liquid are the command
 * sender's work. Immutable.
 *
 * @param content what it says; empty for a file without a caption
 * @param privateNote only for the business's people
 * @param inReplyTo the Chatwoot id of the message it quotes
 * @param key put into {@code content_attributes} as {@value #KEY}, so that the message can be found again
 * @param templateParams Chatwoot's {@code template_params}
 * @param files WhatsApp sends only the first of them
 * @param voiceNote the file is sound in Opus, to be shown as a voice note
 */
public record NewMessage(
        String content,
        boolean privateNote,
        @Nullable Long inReplyTo,
        @Nullable String key,
        @Nullable ObjectNode templateParams,
        List<OutgoingFile> files,
        boolean voiceNote) {

    /** The key in {@code content_attributes} that marks our own messages. */
    public static final String KEY = "flow_key";

    /** Chatwoot's own limit. */
    static final int MAX_CONTENT = 150_000;

    public NewMessage {
        if (content.isBlank() && files.isEmpty()) {
            throw new IllegalArgumentException("a message without text and file");
        }
        if (content.length() > MAX_CONTENT) {
            throw new IllegalArgumentException("at most " + MAX_CONTENT + " characters, not " + content.length());
        }
        files = List.copyOf(files);
    }

    /** A public message. */
    public static NewMessage text(String content) {
        return new NewMessage(content, false, null, null, null, List.of(), false);
    }

    /** A note only the business's people see. */
    public static NewMessage note(String content) {
        return new NewMessage(content, true, null, null, null, List.of(), false);
    }

    /** A public message with a file. */
    public static NewMessage file(OutgoingFile file, String caption) {
        return new NewMessage(caption, false, null, null, null, List.of(file), false);
    }

    /** An approved template; {@code content} is what the people see. */
    public static NewMessage template(String content, ObjectNode templateParams) {
        return new NewMessage(content, false, null, null, templateParams, List.of(), false);
    }

    /** The same message with our key. */
    public NewMessage withKey(String newKey) {
        return new NewMessage(content, privateNote, inReplyTo, newKey, templateParams, files, voiceNote);
    }

    /** The same message, its file shown as a voice note; releases before 4.14.2 do not know of it. */
    public NewMessage asVoiceNote() {
        return new NewMessage(content, privateNote, inReplyTo, key, templateParams, files, true);
    }

    /** The same message as an answer to another. */
    public NewMessage inReplyTo(@Nullable Long messageId) {
        return new NewMessage(content, privateNote, messageId, key, templateParams, files, voiceNote);
    }

    RequestBody body() {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        if (key != null) {
            attributes.put(KEY, key);
        }
        if (inReplyTo != null) {
            attributes.put("in_reply_to", inReplyTo);
        }
        return files.isEmpty() ? jsonBody(attributes) : multipartBody(attributes);
    }

    private RequestBody jsonBody(ObjectNode attributes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("content", content);
        json.put("message_type", "outgoing");
        json.put("private", privateNote);
        if (!attributes.isEmpty()) {
            json.set("content_attributes", attributes);
        }
        if (templateParams != null) {
            json.set("template_params", templateParams);
        }
        return ChatwootClient.json(json);
    }

    private RequestBody multipartBody(ObjectNode attributes) {
        var form = new MultipartBody.Builder().setType(MultipartBody.FORM);
        if (!content.isEmpty()) {
            form.addFormDataPart("content", content);
        }
        form.addFormDataPart("message_type", "outgoing");
        form.addFormDataPart("private", String.valueOf(privateNote));
        if (!attributes.isEmpty()) {
            form.addFormDataPart("content_attributes", attributes.toString());
        }
        if (voiceNote) {
            form.addFormDataPart("is_voice_message", "true");
        }
        for (OutgoingFile file : files) {
            MediaType type = Objects.requireNonNullElse(
                    MediaType.parse(file.mimeType()), MediaType.get("application/octet-stream"));
            form.addFormDataPart("attachments[]", file.name(), RequestBody.create(file.bytes(), type));
        }
        return form.build();
    }

    @Override
    public String toString() {
        return "NewMessage[" + content.length() + " chars, " + files.size() + " files]";
    }
}
