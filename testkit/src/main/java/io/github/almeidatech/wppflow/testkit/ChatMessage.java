package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as it stands in the simulated conversation.
 *
 * @param type {@code incoming}, {@code outgoing}, {@code activity} or {@code template}
 * @param author {@code Contact}, {@code User}, {@code AgentBot}, or none for the system and the paired phone
 * @param text as stored; none for a file without caption
 * @param note whether it is a private note
 * @param status {@code sent}, {@code delivered}, {@code read} or {@code failed}
 * @param seen what the customer read, in the format of the channel; none when nothing reached the phone
 * @param files the names of its files
 */
public record ChatMessage(
        long id,
        long conversation,
        String type,
        @Nullable String author,
        @Nullable String text,
        boolean note,
        String status,
        JsonNode contentAttributes,
        @Nullable String seen,
        List<String> files,
        Instant at) {

    public ChatMessage {
        files = List.copyOf(files);
    }

    @Override
    public String toString() {
        return "ChatMessage[" + id + ", conversation " + conversation + ", " + type + ", " + author + ", " + status
                + "]";
    }
}
