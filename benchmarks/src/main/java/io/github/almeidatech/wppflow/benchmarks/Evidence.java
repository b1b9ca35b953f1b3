package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Crowd.Takeover;
import io.github.almeidatech.wppflow.benchmarks.EventReader.LoggedEvent;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What can be seen from the outside when all is done.
 *
 * @param messages everything in every conversation of the simulated Chatwoot, which says what customers wrote and saw
 * @param events the server's event log, in the order it was written
 * @param acknowledged ids of customers' messages for which a webhook was answered 2xx, each with a time by which it was
 * @param takeovers when people had conversations
 * @param lookBeforeMessage by message key: when the server last looked at the conversation before writing the message,
 *     on the same scale as the takeovers
 */
record Evidence(
        List<ChatMessage> messages,
        List<LoggedEvent> events,
        Map<Long, Instant> acknowledged,
        List<Takeover> takeovers,
        Map<String, Long> lookBeforeMessage) {

    Evidence {
        messages = List.copyOf(messages);
        events = List.copyOf(events);
        acknowledged = Map.copyOf(acknowledged);
        takeovers = List.copyOf(takeovers);
        lookBeforeMessage = Map.copyOf(lookBeforeMessage);
    }

    /** Of these conversations alone. */
    Evidence of(Set<Long> conversations) {
        List<ChatMessage> theirs = messages.stream()
                .filter(message -> conversations.contains(message.conversation()))
                .toList();
        Map<Long, Instant> kept = new HashMap<>(acknowledged);
        kept.keySet().retainAll(theirs.stream().map(ChatMessage::id).toList());
        return new Evidence(
                theirs,
                events.stream()
                        .filter(event -> conversations.contains(event.conversation()))
                        .toList(),
                kept,
                takeovers.stream()
                        .filter(takeover -> conversations.contains(takeover.conversation()))
                        .toList(),
                lookBeforeMessage);
    }
}
