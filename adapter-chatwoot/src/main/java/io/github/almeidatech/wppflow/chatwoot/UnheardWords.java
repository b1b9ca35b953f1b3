package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.chatwoot.ChatwootMessage.Author;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what people have written in a conversation since the last look, because the webhook of it may be lost or late, and no
 * field of the conversation tells. Remembers of the latest 10,000 conversations up to which message they were read; one that
 * is not among them is read as far back as a person's word counts, at most 100 messages. Thread-safe; blocks.
 */
final class UnheardWords {

    private static final int MOST = 10_000;
    private static final int PAGE = 20;
    private static final int MOST_PAGES = 5;
    private static final int LONG_PAGE = 100;
    /** Two messages written at once may become visible in the other order of their ids. */
    private static final Duration STILL_APPEARING = Duration.ofSeconds(5);

    private final ChatwootClient client;
    private final Duration humanPause;
    private final Map<Long, Long> readTo = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MOST;
        }
    };

    UnheardWords(ChatwootClient client, Duration humanPause) {
        this.client = client;
        this.humanPause = humanPause;
    }

    /** Hands over what was not read before, the oldest first; what could not be handed over is read again. */
    void read(ChatwootConversation conversation, PersonsWords engine, Instant now) {
        long number = conversation.number();
        Instant since = now.minus(humanPause);
        Long known = readTo(number);
        List<ChatwootMessage> unread = known == null ? recent(number, since) : after(number, known);
        long answered = idOfLastIncoming(unread);
        for (ChatwootMessage message : unread) {
            if (isWord(message) && (message.createdAt().isAfter(since) || message.id() > answered)) {
                engine.take(conversation.json(), message.json());
            }
        }
        remember(number, unread);
    }

    private List<ChatwootMessage> recent(long conversation, Instant since) {
        List<ChatwootMessage> page = client.messages().newest(conversation);
        var recent = new ArrayList<>(page);
        for (int pages = 1; page.size() == PAGE && pages < MOST_PAGES; pages++) {
            ChatwootMessage oldest = page.get(0);
            if (!oldest.createdAt().isAfter(since)) {
                break;
            }
            page = client.messages().before(conversation, oldest.id());
            recent.addAll(0, page);
        }
        return recent;
    }

    private List<ChatwootMessage> after(long conversation, long known) {
        List<ChatwootMessage> page = client.messages().after(conversation, known);
        var all = new ArrayList<>(page);
        while (page.size() >= LONG_PAGE) {
            page = client.messages()
                    .after(conversation, page.get(page.size() - 1).id());
            all.addAll(page);
        }
        return all;
    }

    private static long idOfLastIncoming(List<ChatwootMessage> messages) {
        return messages.stream()
                .filter(message -> message.type() == ChatwootMessage.Type.INCOMING)
                .mapToLong(ChatwootMessage::id)
                .max()
                .orElse(0);
    }

    private static boolean isWord(ChatwootMessage message) {
        return message.isHumanSpeech()
                        && message.contentAttribute(NewMessage.KEY).isEmpty()
                || isCommand(message);
    }

    /** A note that may tell the bot something; whoever takes it knows the commands. */
    private static boolean isCommand(ChatwootMessage message) {
        String text = message.content() == null ? "" : message.content().strip().toLowerCase(Locale.ROOT);
        return message.privateNote()
                && message.author() == Author.USER
                && (text.startsWith("#bot") || text.startsWith("\\#bot"));
    }

    private synchronized @Nullable Long readTo(long conversation) {
        return readTo.get(conversation);
    }

    private synchronized void remember(long conversation, List<ChatwootMessage> read) {
        if (read.isEmpty()) {
            return;
        }
        Instant settled = read.get(read.size() - 1).createdAt().minus(STILL_APPEARING);
        read.stream()
                .filter(message -> message.createdAt().isBefore(settled))
                .mapToLong(ChatwootMessage::id)
                .max()
                .ifPresent(id -> readTo.merge(conversation, id, Math::max));
    }
}
