package io.github.almeidatech.wppflow.chatwoot;

import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers the channels of the conversations seen last: a conversation never changes its channel. Thread-safe. */
final class KnownChannels {

    private static final int MOST = 10_000;

    private final Map<Long, String> channels = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > MOST;
        }
    };

    synchronized void learn(ChatwootConversation conversation) {
        if (!conversation.channel().isEmpty()) {
            channels.put(conversation.number(), conversation.channel().intern()); // a few names, read with each
        }
    }

    /** The channel; empty when not known. */
    synchronized String of(long conversation) {
        return channels.getOrDefault(conversation, "");
    }
}
