package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Crowd.Takeover;
import io.github.almeidatech.wppflow.benchmarks.Ledger.Command;
import io.github.almeidatech.wppflow.benchmarks.Ledger.Turn;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Violation;
import io.github.almeidatech.wppflow.chatwoot.NewMessage;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what customers wrote, what the simulated Chatwoot shows, and what the event log says. Knows nothing of how the
 * server works inside. Used once.
 */
final class Checker {

    private static final Set<String> MESSAGES = Set.of("send_message", "add_private_note");
    /** The server's time is the database's, known to a few milliseconds; what catch-up finds comes seconds later. */
    private static final Duration CLOCKS_APART = Duration.ofMillis(500);

    private final Evidence evidence;
    private final Ledger ledger;
    private final List<Violation> violations = new ArrayList<>();
    /** The bot's messages and notes by key, in order of id. */
    private final Map<String, ChatMessage> byKey = new HashMap<>();

    private final Map<Long, List<ChatMessage>> bots = new HashMap<>();
    private int inTurns;
    private int withReason;
    private int late;
    private int crossed;

    private Checker(Evidence evidence) {
        this.evidence = evidence;
        this.ledger = Ledger.of(evidence.events());
    }

    static Verdict check(Evidence evidence) {
        var checker = new Checker(evidence);
        checker.everyMessageHasOneOutcome();
        checker.whatWasAcknowledgedWasKept();
        checker.everyCommandIsSeenOnce();
        checker.everyReplyIsSeenWhole();
        checker.conversationsAreInOrder();
        checker.nobodyIsInterrupted();
        return checker.verdict();
    }

    private void everyMessageHasOneOutcome() {
        for (ChatMessage message : evidence.messages()) {
            if (!message.type().equals("incoming")) {
                continue;
            }
            long id = message.id();
            Set<String> turns = ledger.turnsOf(id);
            Set<String> silences = ledger.silencesOf(id);
            // A turn that a person has cut off leaves both of its events.
            var outcomes = new HashSet<>(turns);
            outcomes.addAll(silences);
            if (ledger.wasIgnored(id)) {
                outcomes.add("ignored");
            }
            if (outcomes.isEmpty()) {
                boolean acknowledged = evidence.acknowledged().containsKey(id);
                violation(
                        Promise.LOST,
                        at(message) + " has no outcome; its webhook was "
                                + (acknowledged ? "answered 2xx" : "not answered 2xx"));
            } else if (outcomes.size() > 1) {
                violation(Promise.TWICE, at(message) + " has " + outcomes.size() + " outcomes: " + outcomes);
            } else if (turns.isEmpty()) {
                withReason++;
            } else {
                inTurns++;
            }
        }
        ledger.repeatedTurns().forEach(turn -> violation(Promise.TWICE, "turn " + turn + " was completed twice"));
    }

    /** What a kill has erased although it was answered 2xx is found again by catch-up, later than it was acknowledged. */
    private void whatWasAcknowledgedWasKept() {
        evidence.acknowledged().forEach((id, by) -> {
            Instant accepted = ledger.acceptedTime(id);
            if (accepted != null && accepted.isAfter(by.plus(CLOCKS_APART))) {
                violation(Promise.LOST, "message " + id + " was answered 2xx, and yet had to be found again");
            }
        });
    }

    private void everyCommandIsSeenOnce() {
        for (ChatMessage message : evidence.messages()) {
            if (!message.type().equals("outgoing") || !"AgentBot".equals(message.author())) {
                continue;
            }
            String key = message.contentAttributes().path(NewMessage.KEY).asText();
            if (!ledger.commands().containsKey(key)) {
                violation(Promise.UNEXPLAINED, at(message) + " is of the bot, but of no command that has ended");
            }
            bots.computeIfAbsent(message.conversation(), any -> new ArrayList<>())
                    .add(message);
            ChatMessage first = byKey.putIfAbsent(key, message);
            if (first != null) {
                violation(Promise.TWICE, at(message) + " says again what " + at(first) + " said");
            }
        }
        ledger.commands().forEach((key, command) -> {
            ChatMessage message = byKey.get(key);
            boolean isMessage = MESSAGES.contains(command.word());
            if (command.state().equals("command.done") && isMessage && message == null) {
                violation(Promise.LOST, "command " + key + " is done, but its message does not exist");
            }
            // Cut off while it was being sent, and then a person came: it was never looked for again, nor said again.
            boolean heldBack = command.state().equals("command.held_back");
            if (heldBack && message != null && message.at().isAfter(command.at())) {
                violation(Promise.UNEXPLAINED, at(message) + " had been held back, and was said after all");
            }
        });
    }

    private void everyReplyIsSeenWhole() {
        Map<String, StringBuilder> seen = new HashMap<>();
        Set<String> shortened = new HashSet<>();
        for (ChatMessage message : messagesOfBot()) {
            Command command = ledger.commands().get(key(message));
            if (command != null && !message.note() && message.text() != null) {
                seen.computeIfAbsent(command.turn(), turn -> new StringBuilder())
                        .append(message.text());
            }
        }
        ledger.commands().values().stream()
                .filter(command -> !command.state().equals("command.done"))
                .forEach(command -> shortened.add(command.turn()));
        for (Turn turn : ledger.turns()) {
            if (ledger.wasTakenOver(turn.id())) {
                continue;
            }
            String wanted = letters(turn.reply());
            String found = letters(seen.getOrDefault(turn.id(), new StringBuilder()));
            boolean whole = shortened.contains(turn.id()) ? wanted.startsWith(found) : wanted.equals(found);
            if (!whole) {
                violation(
                        wanted.length() == found.length() ? Promise.OUT_OF_ORDER : Promise.LOST,
                        "of the reply of turn " + turn.id() + " in conversation " + turn.conversation() + ", "
                                + wanted.length() + " letters, " + found.length() + " were seen");
            }
        }
    }

    private void conversationsAreInOrder() {
        ledger.turnsByConversation().values().forEach(this::turnsAreInOrder);
        ledger.doneByConversation().forEach((conversation, done) -> {
            long last = 0;
            for (Command command : done) {
                if (MESSAGES.contains(command.word())) {
                    if (command.externalId() < last) {
                        violation(
                                Promise.OUT_OF_ORDER,
                                "message " + command.externalId() + " in conversation " + conversation
                                        + " was to come after " + last);
                    }
                    last = command.externalId();
                }
            }
        });
    }

    /** What waited together is answered together or in order; what came later than a younger one may be answered later. */
    private void turnsAreInOrder(List<Turn> turns) {
        var before = new ArrayList<Long>();
        for (Turn turn : turns) {
            long last = 0;
            for (long id : turn.messages()) {
                if (id < last) {
                    violation(Promise.OUT_OF_ORDER, "messages " + last + " and " + id + " in turn " + turn.id());
                }
                last = id;
                long younger = before.stream().filter(other -> other > id).count();
                boolean overtaken = before.stream()
                        .anyMatch(other -> other > id && ledger.acceptedAt(id) < ledger.acceptedAt(other));
                if (overtaken) {
                    violation(
                            Promise.OUT_OF_ORDER,
                            "message " + id + " in conversation " + turn.conversation()
                                    + " was answered after one that came later");
                } else if (younger > 0) {
                    late++;
                }
            }
            before.addAll(turn.messages());
        }
    }

    private void nobodyIsInterrupted() {
        for (Takeover takeover : evidence.takeovers()) {
            for (ChatMessage message : bots.getOrDefault(takeover.conversation(), List.of())) {
                Command command = ledger.commands().get(key(message));
                boolean word = command != null && ledger.isHandoff(command.turn()) && !takeover.spoken();
                if (message.note() || word) {
                    continue;
                }
                Long look = evidence.lookBeforeMessage().get(key(message));
                if (look == null) {
                    violation(Promise.OVER_A_PERSON, at(message) + " was written without looking");
                } else if (look > takeover.from() && look < takeover.until()) {
                    violation(Promise.OVER_A_PERSON, at(message) + " was written although a person had come");
                } else if (look <= takeover.from() && message.id() > takeover.lastMessage()) {
                    crossed++;
                }
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // the one that came first with its key
    private Iterable<ChatMessage> messagesOfBot() {
        return evidence.messages().stream()
                .filter(message -> byKey.get(key(message)) == message)
                .toList();
    }

    private static String key(ChatMessage message) {
        return message.contentAttributes().path(NewMessage.KEY).asText();
    }

    /** Chatwoot's text is the reply in the channel's marks and in pieces; its letters are the same. */
    private static String letters(CharSequence text) {
        return text.toString().replaceAll("[^\\p{L}\\p{N}]+", "");
    }

    private static String at(ChatMessage message) {
        return "message " + message.id() + " in conversation " + message.conversation();
    }

    private void violation(Promise promise, String what) {
        violations.add(new Violation(promise, what));
    }

    private Verdict verdict() {
        long conversations = evidence.messages().stream()
                .map(ChatMessage::conversation)
                .distinct()
                .count();
        int written = (int) evidence.messages().stream()
                .filter(message -> message.type().equals("incoming"))
                .count();
        int notes = (int) bots.values().stream()
                .flatMap(List::stream)
                .filter(ChatMessage::note)
                .count();
        int all = bots.values().stream().mapToInt(List::size).sum();
        return new Verdict(
                (int) conversations,
                written,
                inTurns,
                withReason,
                ledger.turns().size(),
                all - notes,
                notes,
                ledger.heldBack(),
                late,
                crossed,
                violations);
    }
}
