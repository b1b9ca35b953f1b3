package io.github.almeidatech.wppflow.chatwoot;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which of Chatwoot's senders a webhook is configured for. Each has a secret of its own. */
public enum WebhookKind {
    /** An agent bot's {@code outgoing_url}. */
    AGENT_BOT,
    /** An account webhook (Settings → Integrations → Webhooks). */
    ACCOUNT,
    /** The callback of an API-channel inbox. */
    INBOX;

    /** The word used in our webhook addresses, such as {@code agent-bot}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind of that {@link #word()}; empty when there is none. */
    public static Optional<WebhookKind> ofWord(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
