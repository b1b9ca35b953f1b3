package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Utterance;
import io.github.almeidatech.wppflow.server.config.Config;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a message is answered: what is set for its intent, else for its inbox, else for the tenant. Immutable; quick, as it
 * is asked in the webhook's thread.
 */
public final class TurnTimes {

    private static final Config.TurnTime NOTHING = new Config.TurnTime(null, null, null, null, null, null);

    private static final UrgentWords NO_WORDS = new UrgentWords(List.of());

    private final Config.Turns turns;
    private final Config.TurnTime general;
    private final Router router;
    private final Map<List<String>, UrgentWords> urgent = new HashMap<>();

    TurnTimes(Config.Turns turns, Router router) {
        this.turns = turns;
        this.router = router;
        this.general = new Config.TurnTime(
                turns.quiet(),
                turns.voiceQuiet(),
                turns.maxWait(),
                turns.maxMessages(),
                turns.maxSupersedes(),
                turns.urgentWords());
        keep(general);
        turns.inboxes().values().forEach(this::keep);
        turns.intents().values().forEach(this::keep);
    }

    private void keep(Config.TurnTime time) {
        if (time.urgentWords() != null) {
            urgent.put(time.urgentWords(), new UrgentWords(time.urgentWords()));
        }
    }

    /** What holds where nothing else is said. */
    TurnTiming general() {
        return new TurnTiming(turns.quiet(), turns.maxWait(), turns.maxMessages());
    }

    /** Whether a message is answered without waiting for more: it is urgent, wants a person, or says a word set for that. */
    boolean flushesAtOnce(InboundMessage message) {
        List<String> words =
                first(ofIntent(message).urgentWords(), ofInbox(message).urgentWords(), general.urgentWords());
        return router.flushesAtOnce(message.text())
                || urgent.getOrDefault(words, NO_WORDS).in(message.text());
    }

    /**
     * How many answers to a turn may be dropped because the customer wrote more, by its latest message.
     *
     * @param otherwise where nothing is set for the tenant either
     */
    public int maxSupersedes(Turn turn, int otherwise) {
        InboundMessage latest = turn.messages().get(turn.messages().size() - 1);
        Config.TurnTime intent = ofIntent(latest);
        Config.TurnTime inbox = ofInbox(latest);
        Integer general = this.general.maxSupersedes();
        return first(intent.maxSupersedes(), inbox.maxSupersedes(), general == null ? (Integer) otherwise : general);
    }

    private Config.TurnTime ofIntent(InboundMessage message) {
        return turns.intents().isEmpty() || message.text().isBlank()
                ? NOTHING
                : turns.intents()
                        .getOrDefault(
                                router.classifyOffline(Utterance.of(message.text()))
                                        .intent(),
                                NOTHING);
    }

    private Config.TurnTime ofInbox(InboundMessage message) {
        return message.inboxId() == null
                ? NOTHING
                : turns.inboxes().getOrDefault(String.valueOf(message.inboxId()), NOTHING);
    }

    TurnTiming of(InboundMessage message) {
        Config.TurnTime intent = ofIntent(message);
        Config.TurnTime inbox = ofInbox(message);
        boolean voice = message.type() == ContentType.AUDIO;
        Duration quiet = first(
                voice ? intent.voiceQuiet() : intent.quiet(),
                voice ? inbox.voiceQuiet() : inbox.quiet(),
                voice ? general.voiceQuiet() : general.quiet());
        return new TurnTiming(
                quiet,
                first(intent.maxWait(), inbox.maxWait(), general.maxWait()),
                first(intent.maxMessages(), inbox.maxMessages(), general.maxMessages()));
    }

    private static <T> T first(@Nullable T intent, @Nullable T inbox, @Nullable T general) {
        return intent != null ? intent : inbox != null ? inbox : Objects.requireNonNull(general);
    }
}
