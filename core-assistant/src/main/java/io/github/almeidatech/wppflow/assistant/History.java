package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said in a conversation before, from the event log; the newest last.
 *
 * @param exchanges turns that were completed
 */
record History(List<Exchange> exchanges) {

    /** How far back a conversation is remembered. */
    private static final int TURNS = 10;

    /**
     * One earlier turn.
     *
     * @param heard what the customer said
     * @param reply what was answered; empty for a silence
     * @param reason why it ended so
     * @param intent what it was about
     */
    record Exchange(String heard, String reply, String reason, String intent) {}

    static History of(EventLog log, ConversationId conversation) {
        var query = new EventQuery(
                conversation.tenant(), conversation, null, TurnEvents.COMPLETED, null, null, TURNS, null);
        var exchanges = new ArrayList<Exchange>();
        for (Event event : log.query(query).events()) {
            var payload = event.payload();
            exchanges.add(
                    0,
                    new Exchange(
                            text(payload.get("heard")),
                            text(payload.get("reply")),
                            text(payload.get("reason")),
                            text(payload.get("intent"))));
        }
        return new History(List.copyOf(exchanges));
    }

    /** Whether the customer has heard from the bot here. */
    boolean hasReplies() {
        return exchanges.stream().anyMatch(exchange -> !exchange.reply().isEmpty());
    }

    /** Whether the last turn ended for that reason. */
    boolean lastWas(Reason reason) {
        return !exchanges.isEmpty() && exchanges.get(exchanges.size() - 1).reason().equals(reason.word());
    }

    /** What the last turn was about; empty for none. */
    String lastIntent() {
        return exchanges.isEmpty() ? "" : exchanges.get(exchanges.size() - 1).intent();
    }

    /** What the customer said, oldest first. */
    List<String> customerLines() {
        return exchanges.stream()
                .map(Exchange::heard)
                .filter(heard -> !heard.isEmpty())
                .toList();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
