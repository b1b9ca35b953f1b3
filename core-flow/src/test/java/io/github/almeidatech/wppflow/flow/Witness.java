package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows what must happen, by a model of its own, and compares: the store's answers, the events it writes, and what the
 * customers see. A difference is a {@link Violation}.
 */
final class Witness {

    private final WitnessedPolicies policies = new WitnessedPolicies();
    final Map<ConversationId, WitnessedConversation> stories = new LinkedHashMap<>();
    private final Map<Long, String> logicalOf = new HashMap<>();
    private final Map<String, Integer> accepted = new HashMap<>();
    private final Map<Long, String> fateOfMessage = new HashMap<>();
    private int steps;
    /** A claim is being made: what is silenced or held back now loses the claim it may still have had. */
    boolean claiming;

    /** A turn is being completed: what is held back now may be its own, of which nothing is known yet. */
    boolean completing;

    private final List<Event> heldBack = new ArrayList<>();

    private String complaint = "";

    /** A promise was broken. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String what) {
            super(what);
        }
    }

    static void demand(boolean kept, String otherwise, Object... details) {
        if (!kept) {
            throw new Violation(otherwise + " " + List.of(details));
        }
    }

    WitnessedConversation story(ConversationId conversation) {
        return stories.computeIfAbsent(conversation, WitnessedConversation::new);
    }

    /** A customer's word; the same word may be known under several message ids. */
    void written(String word, long messageId) {
        logicalOf.put(messageId, word);
    }

    void accepted(InboundEvent event, TurnTiming timing, Acceptance acceptance, Instant now) {
        WitnessedConversation story = story(event.conversation());
        event.keys().forEach(story.unheard::remove);
        InboundMessage message = event.message();
        if (message != null) {
            String word = word(message.messageId());
            int before = accepted.getOrDefault(word, 0);
            demand(acceptance == Acceptance.DUPLICATE ? before > 0 : before == 0, "kept twice or refused unseen", word);
            accepted.put(word, 1);
        }
        if (acceptance == Acceptance.DUPLICATE) {
            return;
        }
        if (event.signal() != null) {
            story.person.signal(event.signal(), now, ++steps);
        }
        if (message != null) {
            story.person.customerWrote(message.sentAt(), now);
            boolean bots = story.person.isBots(now);
            demand(acceptance == (bots ? Acceptance.STORED : Acceptance.HUMAN_OWNED), "judged wrongly", message);
            if (bots) {
                story.arrived(message.messageId(), event.urgent(), timing, now);
            } else {
                demand(fateOfMessage.containsKey(message.messageId()), "a silence without a reason", message);
            }
            story.lastMessageAt = now;
        }
    }

    private String word(long messageId) {
        return logicalOf.getOrDefault(messageId, "unknown");
    }

    void claimed(Turn turn, Instant now, Instant leaseUntil) {
        WitnessedConversation story = story(turn.conversation());
        demand(turn.leaseUntil().equals(leaseUntil), "not the lease asked for", turn.id());
        demand(!story.turnIsHeld(now), "two live claims of a turn", turn.id());
        demand(story.person.isBots(now), "a turn claimed although it is a person's", turn.id());
        List<Long> ids = turn.messages().stream().map(InboundMessage::messageId).toList();
        demand(
                ids.equals(List.copyOf(story.waiting.keySet())),
                "not all messages in order",
                ids,
                story.waiting.keySet());
        demand(turn.supersedes() == story.supersedes, "supersedes miscounted", turn.id());
        demand(story.isDue(now), "claimed before it is due", turn.id());
        story.turnToken = turn.token();
        story.turnId = turn.id();
        story.waitsUntil = null;
        story.woken = false;
        story.turnLeaseUntil = turn.leaseUntil();
        story.turnClaimStep = ++steps;
    }

    /** @param keys of what waits then */
    void ended(Turn turn, TurnResult result, TurnOutcome outcome, Map<String, OutboundCommand> keys, Instant now) {
        for (Event event : heldBack) {
            String key = keyOf(event);
            if (key.startsWith(turn.id())) {
                int number = Integer.parseInt(key.substring(turn.id().length() + 1));
                keys.put(key, result.commands().get(number - 1));
            }
        }
        endedWith(turn, result, outcome, keys, now);
        claiming = true;
        heldBack.forEach(event -> fate(event, "waiting", "held back"));
        claiming = false;
        heldBack.clear();
    }

    private void endedWith(
            Turn turn, TurnResult result, TurnOutcome outcome, Map<String, OutboundCommand> keys, Instant now) {
        WitnessedConversation story = story(turn.conversation());
        TurnOutcome wanted = expected(story, turn, result, now);
        demand(outcome == wanted, "wrong outcome of a turn", turn.id(), "wanted " + wanted, "got " + outcome);
        if (outcome == TurnOutcome.LEASE_LOST) {
            return;
        }
        story.turnToken = null;
        story.notBefore = null;
        if (outcome == TurnOutcome.WAITING) {
            story.waitsUntil = story.woken ? null : result.waitUntil();
            return;
        }
        story.supersedes = outcome == TurnOutcome.SUPERSEDED ? story.supersedes + 1 : 0;
        if (outcome == TurnOutcome.COMPLETED) {
            for (InboundMessage message : turn.messages()) {
                fate(message.messageId(), "answered");
            }
            story.plan(result, keys, story.turnClaimStep, now);
            policies.decided(result, story, story.turnClaimStep, now);
            if (result.ownership() != null) {
                story.person.own(result.ownership());
            }
        }
    }

    void decided(Undecided batch, List<PolicyPlan> plans, Instant now) {
        for (int i = 0; i < plans.size(); i++) {
            Event event = batch.events().get(i);
            policies.decided(event, plans.get(i), story(WitnessedPolicies.conversationOf(event)), ++steps, now);
        }
    }

    private static TurnOutcome expected(WitnessedConversation story, Turn turn, TurnResult result, Instant now) {
        if (!turn.token().equals(story.turnToken)) {
            return TurnOutcome.LEASE_LOST;
        }
        if (story.person.spokeAfter(story.turnClaimStep) || !story.person.isBots(now)) {
            return TurnOutcome.TAKEN_OVER;
        }
        if (result.waitUntil() != null) {
            return TurnOutcome.WAITING;
        }
        boolean newer = story.waiting.size() > turn.messages().size();
        return newer && turn.supersedes() < Simulation.MAX_SUPERSEDES ? TurnOutcome.SUPERSEDED : TurnOutcome.COMPLETED;
    }

    void woken(ConversationId conversation, String turnId, boolean open) {
        WitnessedConversation story = story(conversation);
        if (open) {
            demand(turnId.equals(story.turnId), "another turn was woken", turnId);
            story.wake();
        }
    }

    void released(Turn turn, boolean done, Instant retryAt) {
        WitnessedConversation story = story(turn.conversation());
        demand(done == turn.token().equals(story.turnToken), "released wrongly", turn.id());
        if (done) {
            story.turnToken = null;
            story.notBefore = retryAt;
        }
    }

    /** The only process on the store has restarted. */
    void recovered() {
        for (WitnessedConversation story : stories.values()) {
            story.turnToken = null;
            story.lines.clear();
        }
    }

    void claimed(CommandAttempt attempt, Instant now, Instant leaseUntil) {
        WitnessedConversation story = story(attempt.conversation());
        demand(attempt.leaseUntil().equals(leaseUntil), "not the lease asked for", attempt.key());
        Line line = attempt.command().line();
        demand(!story.commandIsHeld(line, now), "two live claims of a command", attempt.key());
        WitnessedCommand planned = story.planned(attempt.key());
        demand(planned.fate.equals("waiting"), "a command tried that is " + planned.fate, planned.command);
        demand(story.isNext(planned, now), "a command overtakes another", planned.command);
        demand(attempt.command().equals(planned.whole), "not what it and the merged ones say", attempt.command());
        if (planned.command.speaksToCustomer()) {
            demand(!story.person.spokeAfter(planned.claimStep), "a bubble after a person took over", planned.command);
        }
        if (planned.command.isAnswer()) {
            demand(story.person.isBots(now), "an answer although it is a person's", planned.command);
        }
        planned.unclearBefore = planned.mayBeSeen;
        planned.mayBeSeen = true;
        story.lines.put(line, new WitnessedConversation.Claim(attempt.token(), attempt.leaseUntil()));
    }

    /** Whether a line of a conversation is claimed with a token. */
    boolean holds(ConversationId conversation, Line line, String token) {
        WitnessedConversation.Claim claim = story(conversation).lines.get(line);
        return claim != null && token.equals(claim.token());
    }

    void ended(CommandAttempt attempt, CommandResult result, boolean stored, Instant now) {
        WitnessedConversation story = story(attempt.conversation());
        Line line = attempt.command().line();
        demand(stored == holds(attempt.conversation(), line, attempt.token()), "a late result counted", attempt.key());
        if (!stored) {
            return;
        }
        story.lines.remove(line);
        if (result instanceof CommandResult.HeldBack heldBack && !heldBack.known()) {
            story.person.signal(heldBack.ownership(), now, ++steps);
        }
        if (!(result instanceof CommandResult.Unclear)) {
            WitnessedCommand planned = story.planned(attempt.key());
            planned.mayBeSeen = planned.unclearBefore;
        }
    }

    /** A person has written in Chatwoot, whether or not anybody learns of it. */
    void spoke(InboundEvent event) {
        story(event.conversation()).unheard.addAll(event.keys());
    }

    /** What is said now was looked at just before: no person's words are unknown, and none make it stale. */
    void speaks(CommandAttempt attempt) {
        WitnessedConversation story = story(attempt.conversation());
        WitnessedCommand planned = story.planned(attempt.key());
        if (!story.unheard.isEmpty()) {
            complaint = "over a person whose words nobody knows: " + planned + " " + story.unheard;
        } else if (story.person.spokeAfter(planned.claimStep)) {
            complaint = "over a person who spoke since it was claimed: " + planned;
        }
    }

    /** Called inside the sender, whose failures the engine catches: what is wrong is told by {@link #complain}. */
    void seen(ConversationId conversation, String key) {
        WitnessedConversation story = story(conversation);
        WitnessedCommand planned = story.commands.get(key);
        if (planned == null || ++planned.seen > 1) {
            complaint = planned == null ? "seen though its turn did not complete: " + key : "seen twice: " + planned;
            return;
        }
        story.seen.add(planned);
    }

    void complain() {
        demand(complaint.isEmpty(), complaint);
    }

    /** Watches what the store writes down. */
    void logged(Event event) {
        policies.logged(event);
        WitnessedReasons.logged(event);
        switch (event.type()) {
            case FlowEvents.TURN_SILENCED -> silenced(event);
            case FlowEvents.TURN_ABANDONED -> {}
            case FlowEvents.COMMAND_DONE -> fate(event, "waiting", "done");
            case FlowEvents.COMMAND_HELD_BACK -> heldBack(event);
            case FlowEvents.COMMAND_DEAD_LETTERED -> fate(event, "waiting", "dead");
            case FlowEvents.COMMAND_MERGED -> merged(event);
            case FlowEvents.COMMAND_RETRIED -> fate(event, "dead", "waiting");
            case FlowEvents.COMMAND_DISCARDED -> fate(event, "dead", "discarded");
            default -> {}
        }
    }

    private void silenced(Event event) {
        WitnessedConversation story = story(WitnessedPolicies.conversationOf(event));
        for (Object id : (List<?>) event.payload().getOrDefault("message_ids", List.of())) {
            fate((Long) id, "silenced");
            story.waiting.remove(id);
        }
        if (claiming) {
            story.turnToken = null;
        }
        if (story.waiting.isEmpty()) {
            story.supersedes = 0;
            story.notBefore = null;
            story.waitsUntil = null;
        }
    }

    private void fate(long messageId, String fate) {
        String before = fateOfMessage.put(messageId, fate);
        demand(before == null, "a message " + before + " and " + fate, messageId);
        stories.values().forEach(story -> story.waiting.remove(messageId));
    }

    private void heldBack(Event event) {
        if (completing) {
            heldBack.add(event);
        } else {
            fate(event, "waiting", "held back");
        }
    }

    private static String keyOf(Event event) {
        return String.valueOf(event.payload().get("key"));
    }

    private void fate(Event event, String from, String to) {
        WitnessedCommand planned =
                story(WitnessedPolicies.conversationOf(event)).planned(keyOf(event));
        demand(planned.fate.equals(from), "a command " + planned.fate + " becomes " + to, planned.command);
        planned.fate = to;
        if (claiming) {
            story(WitnessedPolicies.conversationOf(event)).lines.remove(planned.command.line());
        }
        planned.everDead |= to.equals("dead");
    }

    private void merged(Event event) {
        WitnessedConversation story = story(WitnessedPolicies.conversationOf(event));
        WitnessedCommand later = story.planned(keyOf(event));
        WitnessedCommand into = story.planned(String.valueOf(event.payload().get("into")));
        fate(event, "waiting", "merged");
        demand(into.fate.equals("waiting"), "merged into a command that is " + into.fate, into.command);
        demand(!later.mayBeSeen, "merged although it was tried", later.command);
        into.whole = into.whole
                .mergedWith(later.command)
                .orElseThrow(() -> new Violation("merged with another kind: " + into + ", " + later));
    }

    /** When all is quiet: everything has exactly one end. */
    void judge() {
        for (var word : logicalOf.entrySet()) {
            boolean kept = accepted.containsKey(word.getValue());
            demand(kept, "a message never arrived", word);
        }
        for (WitnessedConversation story : stories.values()) {
            demand(story.waiting.isEmpty(), "messages lost", story.id, story.waiting.keySet());
            story.commands.values().forEach(Witness::judge);
            WitnessedCommand last = null;
            for (WitnessedCommand each : story.seen) {
                if (each.inLine()) {
                    demand(last == null || last.number < each.number, "seen out of order", each, last);
                    last = each;
                }
            }
        }
        policies.judge();
        long words = logicalOf.values().stream().distinct().count();
        demand(fateOfMessage.size() == words, "messages without an end", fateOfMessage.size(), words);
    }

    /** When everything but the chat is down: nobody there waits for it. */
    void judgeReplies() {
        for (WitnessedConversation story : stories.values()) {
            demand(story.waiting.isEmpty(), "messages wait for records", story.id);
            story.commands.values().stream()
                    .filter(each -> each.command.line() == Line.REPLIES)
                    .forEach(Witness::judge);
        }
    }

    private static void judge(WitnessedCommand planned) {
        demand(!planned.fate.equals("waiting"), "a command lost", planned.command);
        if (planned.fate.equals("done") && planned.command.speaksToCustomer()) {
            demand(planned.seen == 1, "done but never seen", planned.command);
        }
        if (planned.fate.equals("held back")) {
            demand(planned.seen == 0 || planned.mayBeSeen, "held back but seen", planned.command);
        }
    }
}
