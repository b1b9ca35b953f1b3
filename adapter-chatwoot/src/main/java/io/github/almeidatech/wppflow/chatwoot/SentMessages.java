package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.chatwoot.SentForms.Form;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Finds out whether a message whose sending had an unclear result exists. Thread-safe; blocks. */
final class SentMessages {

    /** How far the two clocks may be apart, and a little. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private static final int MAX_PAGES = 10;

    private final ChatwootClient client;

    SentMessages(ChatwootClient client) {
        this.client = client;
    }

    /**
     * Looks through the conversation, newest first, back to well before {@code since}.
     *
     * @param key ours, in the message
     * @param forms by which it is recognised where Chatwoot keeps no keys (before 4.9.0), or does not tell its version
     * @return the message's id, or nothing when it is not there; empty when there are too many messages to tell
     */
    Optional<OptionalLong> find(long conversation, String key, Supplier<List<Form>> forms, Instant since) {
        ChatwootVersion version = client.version();
        List<Form> keyless = version.known() && version.keepsContentAttributes() ? List.of() : forms.get();
        Instant reach = since.minus(MARGIN);
        List<ChatwootMessage> page = client.messages().newest(conversation);
        for (int pages = 1; ; pages++) {
            for (ChatwootMessage message : page) {
                String found = message.contentAttribute(NewMessage.KEY);
                if (found.isEmpty() ? isOneOf(keyless, message, reach) : found.equals(key)) {
                    return Optional.of(OptionalLong.of(message.id()));
                }
            }
            if (page.isEmpty() || page.get(0).createdAt().isBefore(reach)) {
                return Optional.of(OptionalLong.empty());
            }
            if (pages == MAX_PAGES) {
                return Optional.empty();
            }
            page = client.messages().before(conversation, page.get(0).id());
        }
    }

    private static boolean isOneOf(List<Form> forms, ChatwootMessage message, Instant reach) {
        return message.createdAt().isAfter(reach) && forms.stream().anyMatch(form -> form.is(message));
    }
}
