package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Knows what must happen, by a model of its own, and compares: the store's answers, the events it writes, and what the
 * customers see. A difference is a {@link Violation}.
 */
final class Witness {

    private final WitnessedPolicies policies = new WitnessedPolicies();
    final Map<ConversationId, Story> stories = new LinkedHashMap<>();
    private final Map<Long, String> logicalOf = new HashMap<>();
    private final Map<String, Integer> accepted = new HashMap<>();
    private final Map<Long, String> fateOfMessage = new HashMap<>();
    private int steps;
    /** A claim is being made: what is silenced or held back now loses the claim it may still have had. */
    boolean claiming;

    private String complaint = "";

    private record Claim(String token, Instant leaseUntil) {}

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

    Story story(ConversationId conversation) {
        return stories.computeIfAbsent(conversation, Story::new);
    }

    /** A customer's word; the same word may be known under several message ids. */
    void written(String word, long messageId) {
        logicalOf.put(messageId, word);
    }

    void accepted(InboundEvent event, TurnTiming timing, Acceptance acceptance, Instant now) {
        Story story = story(event.conversation());
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
        Story story = story(turn.conversation());
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

    void ended(Turn turn, TurnResult result, TurnOutcome outcome, Map<String, OutboundCommand> keys, Instant now) {
        Story story = story(turn.conversation());
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

    private static TurnOutcome expected(Story story, Turn turn, TurnResult result, Instant now) {
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
        Story story = story(conversation);
        if (open) {
            demand(turnId.equals(story.turnId), "another turn was woken", turnId);
            story.wake();
        }
    }

    void released(Turn turn, boolean done, Instant retryAt) {
        Story story = story(turn.conversation());
        demand(done == turn.token().equals(story.turnToken), "released wrongly", turn.id());
        if (done) {
            story.turnToken = null;
            story.notBefore = retryAt;
        }
    }

    /** The only process on the store has restarted. */
    void recovered() {
        for (Story story : stories.values()) {
            story.turnToken = null;
            story.lines.clear();
        }
    }

    void claimed(CommandAttempt attempt, Instant now, Instant leaseUntil) {
        Story story = story(attempt.conversation());
        demand(attempt.leaseUntil().equals(leaseUntil), "not the lease asked for", attempt.key());
        Line line = attempt.command().line();
        demand(!story.commandIsHeld(line, now), "two live claims of a command", attempt.key());
        Planned planned = story.planned(attempt.key());
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
        story.lines.put(line, new Claim(attempt.token(), attempt.leaseUntil()));
    }

    /** Whether the line and conversation of a command are claimed with a token. */
    boolean holds(CommandAttempt attempt, String token) {
        Claim claim = story(attempt.conversation()).lines.get(attempt.command().line());
        return claim != null && token.equals(claim.token());
    }

    void ended(CommandAttempt attempt, CommandResult result, boolean stored, Instant now) {
        Story story = story(attempt.conversation());
        Line line = attempt.command().line();
        demand(stored == holds(attempt, attempt.token()), "a late result counted", attempt.key());
        if (!stored) {
            return;
        }
        story.lines.remove(line);
        if (result instanceof CommandResult.HeldBack heldBack && !heldBack.known()) {
            story.person.signal(heldBack.ownership(), now, ++steps);
        }
        if (!(result instanceof CommandResult.Unclear)) {
            Planned planned = story.planned(attempt.key());
            planned.mayBeSeen = planned.unclearBefore;
        }
    }

    /** A person has written in Chatwoot, whether or not anybody learns of it. */
    void spoke(InboundEvent event) {
        story(event.conversation()).unheard.addAll(event.keys());
    }

    /** What is said now was looked at just before: no person's words are unknown, and none make it stale. */
    void speaks(CommandAttempt attempt) {
        Story story = story(attempt.conversation());
        Planned planned = story.planned(attempt.key());
        if (!story.unheard.isEmpty()) {
            complaint = "over a person whose words nobody knows: " + planned + " " + story.unheard;
        } else if (story.person.spokeAfter(planned.claimStep)) {
            complaint = "over a person who spoke since it was claimed: " + planned;
        }
    }

    /** Called inside the sender, whose failures the engine catches: what is wrong is told by {@link #complain}. */
    void seen(ConversationId conversation, String key) {
        Story story = story(conversation);
        Planned planned = story.commands.get(key);
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
            case FlowEvents.COMMAND_HELD_BACK -> fate(event, "waiting", "held back");
            case FlowEvents.COMMAND_DEAD_LETTERED -> fate(event, "waiting", "dead");
            case FlowEvents.COMMAND_MERGED -> merged(event);
            case FlowEvents.COMMAND_RETRIED -> fate(event, "dead", "waiting");
            case FlowEvents.COMMAND_DISCARDED -> fate(event, "dead", "discarded");
            default -> {}
        }
    }

    private void silenced(Event event) {
        Story story = story(WitnessedPolicies.conversationOf(event));
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

    private void fate(Event event, String from, String to) {
        Planned planned = story(WitnessedPolicies.conversationOf(event))
                .planned(String.valueOf(event.payload().get("key")));
        demand(planned.fate.equals(from), "a command " + planned.fate + " becomes " + to, planned.command);
        planned.fate = to;
        if (claiming) {
            story(WitnessedPolicies.conversationOf(event)).lines.remove(planned.command.line());
        }
        planned.everDead |= to.equals("dead");
    }

    private void merged(Event event) {
        Story story = story(WitnessedPolicies.conversationOf(event));
        Planned later = story.planned(String.valueOf(event.payload().get("key")));
        Planned into = story.planned(String.valueOf(event.payload().get("into")));
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
        for (Story story : stories.values()) {
            demand(story.waiting.isEmpty(), "messages lost", story.id, story.waiting.keySet());
            story.commands.values().forEach(Witness::judge);
            Planned last = null;
            for (Planned each : story.seen) {
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
        for (Story story : stories.values()) {
            demand(story.waiting.isEmpty(), "messages wait for records", story.id);
            story.commands.values().stream()
                    .filter(each -> each.command.line() == Line.REPLIES)
                    .forEach(Witness::judge);
        }
    }

    private static void judge(Planned planned) {
        demand(!planned.fate.equals("waiting"), "a command lost", planned.command);
        if (planned.fate.equals("done") && planned.command.speaksToCustomer()) {
            demand(planned.seen == 1, "done but never seen", planned.command);
        }
        if (planned.fate.equals("held back")) {
            demand(planned.seen == 0 || planned.mayBeSeen, "held back but seen", planned.command);
        }
    }

    /** A command of a completed turn. */
    static final class Planned {
        final int number;
        final OutboundCommand command;
        /** With what was merged into it. */
        OutboundCommand whole;

        final int claimStep;
        final Instant since;
        String fate = "waiting";
        boolean mayBeSeen;
        boolean unclearBefore;
        boolean everDead;
        int seen;

        Planned(int number, OutboundCommand command, int claimStep, Instant since) {
            this.number = number;
            this.command = command;
            this.whole = command;
            this.claimStep = claimStep;
            this.since = since;
        }

        @Override
        public String toString() {
            return command + " #" + number + " " + fate + (mayBeSeen ? ", unclear" : "");
        }

        /**
         * Whether its place among the bubbles is fixed: not for what people sent again, and not for a request that was
         * under way when a person took over.
         */
        boolean inLine() {
            return command instanceof SendMessage && fate.equals("done") && !everDead;
        }

        boolean isLater(Instant now) {
            return command instanceof FollowUp followUp && followUp.notBefore().isAfter(now);
        }
    }

    /** What is known of one conversation. */
    static final class Story {
        final ConversationId id;
        final WitnessedOwner person = new WitnessedOwner();
        final TreeMap<Long, Arrival> waiting = new TreeMap<>();
        final Map<String, Planned> commands = new LinkedHashMap<>();
        final List<Planned> seen = new ArrayList<>();
        /** Keys of people's words that the store does not know. */
        final Set<String> unheard = new TreeSet<>();

        int supersedes;

        @Nullable
        Instant notBefore;

        @Nullable
        Instant waitsUntil;

        @Nullable
        String turnId;

        boolean woken;

        Instant lastMessageAt = Instant.EPOCH;
        private TurnTiming timing = TurnTiming.DEFAULT;
        private @Nullable String turnToken;
        private Instant turnLeaseUntil = Instant.EPOCH;
        private int turnClaimStep;
        private final Map<Line, Claim> lines = new EnumMap<>(Line.class);

        Story(ConversationId id) {
            this.id = id;
        }

        private record Arrival(Instant at, boolean urgent) {}

        void arrived(long messageId, boolean urgent, TurnTiming by, Instant now) {
            timing = by;
            waiting.put(messageId, new Arrival(now, urgent));
            wake();
        }

        void wake() {
            woken = true;
            waitsUntil = null;
        }

        /** A turn that was cut off is due since its lease ended; one that nobody has tried, by the timing. */
        boolean isDue(Instant now) {
            if (turnToken != null) {
                return !now.isBefore(turnLeaseUntil);
            }
            boolean urgent = waiting.values().stream().anyMatch(Arrival::urgent);
            Instant last = waiting.values().stream()
                    .map(Arrival::at)
                    .max(Instant::compareTo)
                    .orElse(now);
            Instant first = waiting.values().stream()
                    .map(Arrival::at)
                    .min(Instant::compareTo)
                    .orElse(now);
            boolean many = waiting.size() >= timing.maxMessages();
            boolean quiet = !now.isBefore(last.plus(timing.quiet()));
            boolean tooLong = !now.isBefore(first.plus(timing.maxWait()));
            boolean mayAgain = (notBefore == null || !now.isBefore(notBefore))
                    && (waitsUntil == null || !now.isBefore(waitsUntil));
            return mayAgain && (urgent || many || quiet || tooLong);
        }

        boolean turnIsHeld(Instant now) {
            return turnToken != null && now.isBefore(turnLeaseUntil);
        }

        boolean commandIsHeld(Line line, Instant now) {
            Claim claim = lines.get(line);
            return claim != null && now.isBefore(claim.leaseUntil());
        }

        void plan(TurnResult result, Map<String, OutboundCommand> keys, int claimStep, Instant now) {
            for (OutboundCommand command : result.commands()) {
                String key = keys.entrySet().stream()
                        .filter(each -> each.getValue().equals(command) && !commands.containsKey(each.getKey()))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow(() -> new Violation("a completed turn without its command " + command));
                plan(key, command, claimStep, now);
            }
        }

        void plan(String key, OutboundCommand command, int step, Instant now) {
            Planned before = commands.put(key, new Planned(commands.size(), command, step, now));
            demand(before == null, "a command planned twice", command);
        }

        Planned planned(String key) {
            Planned planned = commands.get(key);
            if (planned == null) {
                throw new Violation("a command of no completed turn: " + key);
            }
            return planned;
        }

        /** Everything before it has ended, as far as it is in line at all. */
        boolean isNext(Planned planned, Instant now) {
            boolean replied = planned.command instanceof FollowUp followUp
                    && followUp.unlessReply()
                    && lastMessageAt.isAfter(planned.since);
            return !replied
                    && !planned.isLater(now)
                    && commands.values().stream()
                            .filter(each -> each.command.line() == planned.command.line())
                            .filter(each -> each.number < planned.number && !each.isLater(now))
                            .noneMatch(each -> each.fate.equals("waiting"));
        }
    }
}
