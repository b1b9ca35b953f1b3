package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is known of one conversation. */
final class WitnessedConversation {
    final ConversationId id;
    final WitnessedOwner person = new WitnessedOwner();
    final TreeMap<Long, Arrival> waiting = new TreeMap<>();
    final Map<String, WitnessedCommand> commands = new LinkedHashMap<>();
    final List<WitnessedCommand> seen = new ArrayList<>();
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

    @Nullable
    String turnToken;

    Instant turnLeaseUntil = Instant.EPOCH;
    int turnClaimStep;
    final Map<Line, Claim> lines = new EnumMap<>(Line.class);

    WitnessedConversation(ConversationId id) {
        this.id = id;
    }

    /** Who tries a line, and for how long. */
    record Claim(String token, Instant leaseUntil) {}

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
        boolean mayAgain =
                (notBefore == null || !now.isBefore(notBefore)) && (waitsUntil == null || !now.isBefore(waitsUntil));
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
                    .orElseThrow(() -> new Witness.Violation("a completed turn without its command " + command));
            plan(key, command, claimStep, now);
        }
    }

    void plan(String key, OutboundCommand command, int step, Instant now) {
        WitnessedCommand before = commands.put(key, new WitnessedCommand(commands.size(), command, step, now));
        Witness.demand(before == null, "a command planned twice", command);
    }

    WitnessedCommand planned(String key) {
        WitnessedCommand planned = commands.get(key);
        if (planned == null) {
            throw new Witness.Violation("a command of no completed turn: " + key);
        }
        return planned;
    }

    /** Everything before it has ended, as far as it is in line at all. */
    boolean isNext(WitnessedCommand planned, Instant now) {
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
