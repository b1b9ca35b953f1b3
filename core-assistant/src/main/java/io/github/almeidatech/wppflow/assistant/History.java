package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The turns of a conversation that were completed before, from the event log; the newest last.
 *
 * @param exchanges completed turns
 */
record History(List<Exchange> exchanges) {

    static final History NONE = new History(List.of());

    /** How many turns back a conversation is understood from. */
    private static final int REMEMBERED = 10;

    /** From which {@link Likeness} on it is our own text that comes back: an answer that takes up our words is less. */
    private static final double ECHO = 0.8;
    /** From which {@link Likeness} on the same is said again. */
    private static final double REPETITION = 0.6;

    History {
        exchanges = List.copyOf(exchanges);
    }

    /**
     * One earlier turn.
     *
     * @param heard what the customer said
     * @param reply what was answered; empty for a silence
     * @param reason why it ended so
     * @param intent what it was about
     * @param at when
     */
    record Exchange(String heard, String reply, String reason, String intent, Instant at) {
        @Override
        public String toString() {
            return "Exchange[" + reason + ", " + intent + ", " + at + "]";
        }
    }

    /**
     * The latest turns, at most so many. An answer that a person's takeover has kept back was heard by nobody: its turn is
     * left out.
     */
    static History of(EventLog log, ConversationId conversation, int limit) {
        var query = new EventQuery(
                conversation.tenant(), conversation, null, "turn.*", null, null, Math.max(limit, REMEMBERED), null);
        List<Event> events = log.query(query).events();
        Set<String> silenced = events.stream()
                .filter(event -> event.type().equals(TurnEvents.SILENCED) && event.causeId() != null)
                .map(Event::causeId)
                .collect(Collectors.toSet());
        var exchanges = new ArrayList<Exchange>();
        for (Event event : events) {
            if (event.type().equals(TurnEvents.COMPLETED) && !silenced.contains(event.causeId())) {
                exchanges.add(0, exchange(event));
            }
        }
        return new History(exchanges);
    }

    /** And these completed turns after them. */
    History with(List<Event> completed) {
        var all = new ArrayList<>(exchanges);
        completed.stream()
                .filter(event -> event.type().equals(TurnEvents.COMPLETED))
                .map(History::exchange)
                .forEach(all::add);
        return new History(all);
    }

    private static Exchange exchange(Event event) {
        var payload = event.payload();
        return new Exchange(
                text(payload.get("heard")),
                text(payload.get("reply")),
                text(payload.get("reason")),
                text(payload.get("intent")),
                event.at());
    }

    /** The turns that matter for understanding the next one. */
    List<Exchange> recent() {
        return exchanges.subList(Math.max(0, exchanges.size() - REMEMBERED), exchanges.size());
    }

    /** Whether the customer has heard from the bot here. */
    boolean hasReplies() {
        return exchanges.stream().anyMatch(exchange -> !exchange.reply().isEmpty());
    }

    /** How often the customer was answered within this time. */
    long repliesWithin(Duration time, Instant now) {
        return exchanges.stream()
                .filter(exchange -> !exchange.reply().isEmpty() && exchange.at().isAfter(now.minus(time)))
                .count();
    }

    /** Whether the last turn ended for that reason. */
    boolean lastWas(Reason reason) {
        return !exchanges.isEmpty()
                && exchanges.get(exchanges.size() - 1).reason().equals(reason.word());
    }

    /** What the last turn was about; empty for none. */
    String lastIntent() {
        return exchanges.isEmpty() ? "" : exchanges.get(exchanges.size() - 1).intent();
    }

    /** What the customer said, oldest first. */
    List<String> customerLines() {
        return recent().stream()
                .map(Exchange::heard)
                .filter(heard -> !heard.isEmpty())
                .toList();
    }

    /** Both sides, oldest first. */
    List<AnswerWriter.Line> lines() {
        var lines = new ArrayList<AnswerWriter.Line>();
        for (Exchange exchange : recent()) {
            lines.add(new AnswerWriter.Line(true, exchange.heard()));
            if (!exchange.reply().isEmpty()) {
                lines.add(new AnswerWriter.Line(false, exchange.reply()));
            }
        }
        return lines;
    }

    /** Whether this is what we ourselves have said lately: a bridge that hands our words back as the customer's. */
    boolean isOurOwn(String text) {
        String plain = plain(text);
        return plain.length() > 20
                && recent().stream()
                        .map(exchange -> plain(exchange.reply()))
                        .anyMatch(reply -> reply.contains(plain) || Likeness.of(reply, plain) >= ECHO);
    }

    /** Whether the last turns all said this, give or take a few words of a longer text. */
    boolean saidBefore(String text, int times) {
        List<Exchange> recent = recent();
        return recent.size() >= times
                && recent.subList(recent.size() - times, recent.size()).stream()
                        .map(exchange -> plain(exchange.heard()))
                        .allMatch(heard -> heard.equals(plain(text)) || Likeness.of(heard, text) >= REPETITION);
    }

    private static String plain(String text) {
        return text.replaceAll("[\\s*_~]+", " ").strip();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
