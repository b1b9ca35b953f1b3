package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The other side of the outbox, as a sender that looks before it repeats. Requests succeed, fail, or leave it open; an
 * open one may take effect at once, later (but within the settling time), or never. It has no idempotency.
 */
final class SimulatedChatwoot {

    /** How long a request whose answer never came may still take effect. */
    static final Duration SETTLE = Duration.ofSeconds(30);

    private final Random random;
    private final Supplier<Instant> clock;
    private final Witness witness;
    private final Map<String, Integer> hits;
    private final Fault fault;
    private final Set<String> created = new HashSet<>();
    private final List<Underway> underway = new ArrayList<>();
    private final Map<ConversationId, List<InboundEvent>> said = new HashMap<>();
    double trouble;
    /** Everything but the chat is down. */
    boolean recordsDown;

    SimulatedChatwoot(Random random, Supplier<Instant> clock, Witness witness, Map<String, Integer> hits, Fault fault) {
        this.random = random;
        this.clock = clock;
        this.witness = witness;
        this.hits = hits;
        this.fault = fault;
    }

    private record Underway(ConversationId conversation, String key, Instant at) {}

    /** A person has spoken in Chatwoot; our webhook is on its way, or lost. */
    void personSpoke(InboundEvent event) {
        said.computeIfAbsent(event.conversation(), missing -> new ArrayList<>()).add(event);
        witness.spoke(event);
    }

    /** What somebody wrote after a person is all that the conversation itself shows. */
    void customerWrote(ConversationId conversation) {
        if (fault == Fault.SEES_THE_LAST_WORD_ONLY) {
            said.remove(conversation);
        }
    }

    /** Lets delayed requests take effect whose time has come. */
    void settle() {
        Instant now = clock.get();
        List<Underway> arrived =
                underway.stream().filter(each -> !each.at().isAfter(now)).toList();
        underway.removeAll(arrived);
        arrived.forEach(each -> create(each.conversation(), each.key()));
    }

    private void create(ConversationId conversation, String key) {
        created.add(key);
        witness.seen(conversation, key);
    }

    /** One try, by a process that may die in it. */
    CommandResult send(CommandAttempt attempt, CrashingStore process) {
        settle();
        if (recordsDown && attempt.command().line() == Line.RECORDS) {
            return hit("records down", new CommandResult.NotDone("down", Duration.ofMinutes(1)));
        }
        Instant unclearSince = fault == Fault.FORGETS_UNCLEAR_RESULTS ? null : attempt.unclearSince();
        if (unclearSince != null) {
            if (chance(trouble)) {
                return hit("cannot look", new CommandResult.NotDone("cannot_look", null));
            }
            if (created.contains(attempt.key())) {
                return hit("found", new CommandResult.Done("found"));
            }
            Duration waited = Duration.between(unclearSince, clock.get());
            if (fault != Fault.DOES_NOT_LET_SETTLE && waited.compareTo(SETTLE) < 0) {
                return hit("not settled", new CommandResult.NotDone("not_settled", SETTLE.minus(waited)));
            }
        }
        if (attempt.command().speaksToCustomer()) {
            try {
                Optional<OwnershipSignal> persons = look(attempt, process);
                if (persons.isPresent()) {
                    return hit("held back by sender", new CommandResult.HeldBack(persons.get()));
                }
            } catch (IllegalStateException broken) {
                return hit("cannot take in", new CommandResult.NotDone("not_looked", null));
            }
            witness.speaks(attempt);
        }
        return chance(trouble) ? inTrouble(attempt, process) : done(attempt);
    }

    /** Takes in what people have written since the last look, as its webhooks would have been, and asks who may speak. */
    private Optional<OwnershipSignal> look(CommandAttempt attempt, CrashingStore process) {
        List<InboundEvent> unread = said.getOrDefault(attempt.conversation(), List.of());
        for (InboundEvent event : unread) {
            if (process.accept(event, TurnTiming.DEFAULT, clock.get()) == Acceptance.STORED) {
                hits.merge("heard by looking", 1, Integer::sum);
            }
        }
        said.remove(attempt.conversation());
        return fault == Fault.ASKS_BEFORE_IT_LOOKS ? Optional.empty() : process.holdsBack(attempt, clock.get());
    }

    private CommandResult done(CommandAttempt attempt) {
        if (attempt.command().speaksToCustomer()) {
            create(attempt.conversation(), attempt.key());
        }
        return hit("done", new CommandResult.Done("id"));
    }

    private CommandResult inTrouble(CommandAttempt attempt, CrashingStore process) {
        switch (random.nextInt(8)) {
            case 0:
                return hit("not done", new CommandResult.NotDone("busy", Duration.ofSeconds(random.nextInt(20))));
            case 1:
                return hit("refused", new CommandResult.Refused("gone"));
            case 2, 3:
                maybeDone(attempt);
                return hit("unclear", new CommandResult.Unclear("timeout", null));
            case 4:
                maybeDone(attempt);
                hit("sender broke", null);
                throw new IllegalStateException("reset");
            case 5, 6:
                process.kill();
                maybeDone(attempt);
                hit("killed while sending", null);
                throw new IllegalStateException("killed");
            default:
                process.kill();
                hits.merge("killed after sending", 1, Integer::sum);
                return done(attempt);
        }
    }

    private void maybeDone(CommandAttempt attempt) {
        if (!attempt.command().speaksToCustomer()) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> create(attempt.conversation(), attempt.key());
            case 1, 2 ->
                underway.add(new Underway(
                        attempt.conversation(), attempt.key(), clock.get().plusMillis(random.nextInt((int)
                                SETTLE.toMillis()))));
            default -> {}
        }
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T hit(String what, T result) {
        hits.merge(what, 1, Integer::sum);
        return result;
    }
}
