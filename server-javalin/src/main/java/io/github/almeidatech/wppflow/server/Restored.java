package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.assistant.ForgottenAnswers;
import io.github.almeidatech.wppflow.chatwoot.ChatwootMessage;
import io.github.almeidatech.wppflow.chatwoot.ChatwootMessage.Author;
import io.github.almeidatech.wppflow.chatwoot.Messages;
import io.github.almeidatech.wppflow.chatwoot.NewMessage;
import io.github.almeidatech.wppflow.jdbc.Restoration;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After a restore from a backup: messages that were answered since the backup was made are unknown to the database, and
 * Chatwoot is asked about each one from before the restore. Needs the user token; without one, and when Chatwoot fails, the
 * turn is tried again rather than answered twice. Reliability F13, security default H-8.
 */
public final class Restored implements ForgottenAnswers {

    private static final Logger log = LoggerFactory.getLogger(Restored.class);
    /** By Chatwoot's clock, which may be ahead of ours. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);
    /** Of twenty messages each. */
    private static final int PAGES = 10;

    private final @Nullable Instant doubtfulBefore;
    private final Tenants tenants;
    private final BiPredicate<ConversationId, String> known;

    /**
     * @param restoration null when the database never was restored
     * @param known whether the database has a command in a conversation, by its key
     */
    public Restored(@Nullable Restoration restoration, Tenants tenants, BiPredicate<ConversationId, String> known) {
        this.known = known;
        this.doubtfulBefore = restoration == null ? null : doubtfulBefore(restoration);
        this.tenants = tenants;
        if (restoration != null) {
            log.info(
                    "restored from a backup at {}: what was said before that is looked for in Chatwoot",
                    restoration.at());
        }
    }

    /** What was sent before this moment may have been dealt with by the database that was lost. */
    static Instant doubtfulBefore(Restoration restoration) {
        return restoration.at().plus(CLOCKS_APART);
    }

    /** A message is answered when Chatwoot shows a word to the customer after it. */
    @Override
    public Told about(List<InboundMessage> messages) {
        List<Long> doubtful = messages.stream()
                .takeWhile(message -> doubtfulBefore != null && message.sentAt().isBefore(doubtfulBefore))
                .map(InboundMessage::messageId)
                .toList();
        if (doubtful.isEmpty()) {
            return Told.NOTHING;
        }
        Tenants.Tenant tenant = tenants.get(messages.get(0).conversation().tenant());
        if (!tenant.chatwoot().hasUserToken()) {
            return Told.NOTHING;
        }
        ConversationId conversation = messages.get(0).conversation();
        List<ChatwootMessage> words = wordsAfter(tenant.chatwoot().messages(), conversation.number(), doubtful.get(0));
        words.removeIf(word -> isOfNow(conversation, word));
        if (words.isEmpty()) {
            return Told.NOTHING;
        }
        long last = words.get(words.size() - 1).id();
        String said = words.stream()
                .filter(word -> word.author() == Author.AGENT_BOT && word.content() != null)
                .map(ChatwootMessage::content)
                .collect(Collectors.joining("\n\n"));
        return new Told((int) doubtful.stream().filter(id -> id < last).count(), said);
    }

    /** Whether it was said after the restore: about other messages then, as those that were found late have a turn of their own. */
    private boolean isOfNow(ConversationId conversation, ChatwootMessage word) {
        if (doubtfulBefore == null || !word.createdAt().isBefore(doubtfulBefore)) {
            return true;
        }
        String key = word.contentAttribute(NewMessage.KEY);
        boolean mayBe = !word.createdAt().isBefore(doubtfulBefore.minus(CLOCKS_APART.multipliedBy(2)));
        return mayBe && !key.isEmpty() && known.test(conversation, key.replaceFirst("-caption$", ""));
    }

    /** The words to the customer behind a message, the oldest first. */
    private static List<ChatwootMessage> wordsAfter(Messages messages, long conversation, long id) {
        var found = new ArrayList<ChatwootMessage>();
        List<ChatwootMessage> page = messages.newest(conversation);
        for (int pages = 1; !page.isEmpty(); pages++) {
            found.addAll(0, page);
            if (pages == PAGES || page.get(0).id() <= id) {
                break;
            }
            page = messages.before(conversation, page.get(0).id());
        }
        found.removeIf(message ->
                message.id() < id || message.type() != ChatwootMessage.Type.OUTGOING || message.privateNote());
        return found;
    }
}
