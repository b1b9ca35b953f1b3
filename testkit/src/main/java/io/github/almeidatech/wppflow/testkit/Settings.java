package io.github.almeidatech.wppflow.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a simulated Chatwoot is set up; built by {@link ChatwootBuilder}. */
record Settings(
        String host,
        int port,
        @Nullable Path directory,
        InstantSource clock,
        ChatwootVersion version,
        long accountId,
        String accountName,
        String botName,
        Map<String, String> users,
        Map<String, String> inboxes,
        List<String> teams,
        boolean singleConversation,
        boolean receipts,
        boolean keepPendingWhenBotFails,
        Duration retryPause,
        Duration webhookTimeout,
        boolean holdingWebhooks,
        int maxWaitingDeliveries,
        int messagesPerMinute) {}
