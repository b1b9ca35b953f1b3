package io.github.almeidatech.wppflow.chatwoot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
     * @param text what it says, by which it is recognised where Chatwoot keeps no keys (before 4.9.0); empty for a file
     * @return the message's id, or nothing when it is not there; empty when there are too many messages to tell
     */
    Optional<OptionalLong> find(long conversation, String key, String text, Instant since) {
        boolean byKey = client.version().keepsContentAttributes();
        Instant reach = since.minus(MARGIN);
        List<ChatwootMessage> page = client.messages().newest(conversation);
        for (int pages = 1; ; pages++) {
            for (ChatwootMessage message : page) {
                if (message.contentAttribute(NewMessage.KEY).equals(key)
                        || (!byKey
                                && isSame(message, text)
                                && message.createdAt().isAfter(reach))) {
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

    private static boolean isSame(ChatwootMessage message, String text) {
        return message.type() == ChatwootMessage.Type.OUTGOING
                && message.author() == ChatwootMessage.Author.AGENT_BOT
                && message.content() != null
                && message.content().strip().equals(text.strip());
    }
}
