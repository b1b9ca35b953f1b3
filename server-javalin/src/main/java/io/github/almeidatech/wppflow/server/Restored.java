package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.chatwoot.ChatwootMessage;
import io.github.almeidatech.wppflow.chatwoot.ChatwootMessage.Type;
import io.github.almeidatech.wppflow.model.InboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After a restore from a backup: messages that were answered since the backup was made are unknown to the database, and
 * Chatwoot is asked about each one from before the restore. Needs the user token; without one, and when Chatwoot fails, the
 * turn is tried again rather than answered twice. Reliability F13, security default H-8.
 */
final class Restored implements Predicate<InboundMessage> {

    private static final Logger log = LoggerFactory.getLogger(Restored.class);
    /** By Chatwoot's clock, which may be ahead of ours. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    private final @Nullable Instant doubtfulBefore;
    private final Tenants tenants;

    /** @param restoredAt null when the database never was */
    Restored(@Nullable Instant restoredAt, Tenants tenants) {
        this.doubtfulBefore = restoredAt == null ? null : restoredAt.plus(CLOCKS_APART);
        this.tenants = tenants;
        if (restoredAt != null) {
            log.info("restored from a backup at {}: what was said before that is looked for in Chatwoot", restoredAt);
        }
    }

    /** Whether Chatwoot shows a word to the customer after this message. */
    @Override
    public boolean test(InboundMessage message) {
        if (doubtfulBefore == null || !message.sentAt().isBefore(doubtfulBefore)) {
            return false;
        }
        Tenants.Tenant tenant = tenants.get(message.conversation().tenant());
        return tenant.chatwoot().hasUserToken()
                && tenant.chatwoot().messages().newest(message.conversation().number()).stream()
                        .anyMatch(each -> isWordToCustomer(each) && each.id() > message.messageId());
    }

    private static boolean isWordToCustomer(ChatwootMessage message) {
        return message.type() == Type.OUTGOING && !message.privateNote();
    }
}
