package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.chatwoot.ExecutionPlan;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetContactAttributes;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries out another system's plan in one conversation, at once and in the caller's thread. That it was begun, how far it
 * came and what came of it are events with ids made from the idempotency key: so a repeated call answers what the first one
 * did, goes on where that one ended, and looks for a message in Chatwoot before it sends it only where a crash or an unclear
 * answer leaves a doubt. Thread-safe.
 */
public final class PlanExecution {

    private static final Duration LEASE = Duration.ofMinutes(1);

    /** For how long a plan waits altogether, as for a file that Chatwoot passes on later than the text behind it. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Where several instances work, a call goes on no longer than this: then another one may take it for dead. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final Outcome IN_PROGRESS =
            new Outcome(0, false, false, List.of(new Problem("execution_plan", "in_progress", true)));

    private static final String STARTED = "plan.started";
    private static final String UNFINISHED = "plan.unfinished";
    private static final String FINISHED = "plan.finished";

    private final CommandSender sender;
    private final EventLog events;
    private final Function<ConversationId, Optional<String>> people;
    private final Predicate<ConversationId> optedOut;
    private final InstantSource clock;
    private final boolean shared;
    private final Predicate<Duration> pause;
    private final Set<String> underway = ConcurrentHashMap.newKeySet();

    /**
     * @param people the key of who writes in a conversation: what a plan emits is about them
     * @param optedOut who nothing is said to
     * @param shared whether other processes may be asked for the same plan
     */
    public PlanExecution(
            CommandSender sender,
            EventLog events,
            Function<ConversationId, Optional<String>> people,
            Predicate<ConversationId> optedOut,
            InstantSource clock,
            boolean shared) {
        this(sender, events, people, optedOut, clock, shared, PlanExecution::sleep);
    }

    /** @param pause lets time pass; false when it was interrupted */
    PlanExecution(
            CommandSender sender,
            EventLog events,
            Function<ConversationId, Optional<String>> people,
            Predicate<ConversationId> optedOut,
            InstantSource clock,
            boolean shared,
            Predicate<Duration> pause) {
        this.sender = sender;
        this.events = events;
        this.people = people;
        this.optedOut = optedOut;
        this.clock = clock;
        this.shared = shared;
        this.pause = pause;
    }

    private static boolean sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * What came of a plan.
     *
     * @param messagesSent how many messages, files and notes were made, by this call or an earlier one with the same key
     * @param labelsUpdated the labels were changed
     * @param attributesUpdated the contact's attributes were set
     * @param errors what was not done, and why
     */
    public record Outcome(int messagesSent, boolean labelsUpdated, boolean attributesUpdated, List<Problem> errors) {
        public Outcome {
            errors = List.copyOf(errors);
        }
    }

    /** A command that was not carried out. */
    public record Problem(String command, String reason, boolean mayWorkLater) {}

    /**
     * Carries out the plan, unless it was carried out under this key before. While another call with the key is under way,
     * nothing is done and the error {@code in_progress} says so.
     */
    public Outcome execute(ConversationId conversation, ExecutionPlan plan, String idempotencyKey) {
        String id = id(conversation, STARTED, idempotencyKey);
        if (!underway.add(id)) {
            return IN_PROGRESS;
        }
        try {
            return executeAlone(conversation, plan, idempotencyKey);
        } finally {
            underway.remove(id);
        }
    }

    private Outcome executeAlone(ConversationId conversation, ExecutionPlan plan, String idempotencyKey) {
        Optional<Event> finished = find(conversation, FINISHED, idempotencyKey);
        if (finished.isPresent()) {
            return outcomeOf(finished.get().payload());
        }
        Instant now = clock.instant();
        var progress = new PlanProgress();
        int call = 1;
        for (Optional<Event> begun = find(conversation, STARTED, ofCall(idempotencyKey, call));
                begun.isPresent();
                begun = find(conversation, STARTED, ofCall(idempotencyKey, ++call))) {
            Optional<Event> ended = find(conversation, UNFINISHED, ofCall(idempotencyKey, call));
            if (ended.isPresent()) {
                progress = PlanProgress.of(ended.get().payload());
            } else if (shared && now.isBefore(begun.get().at().plus(LONGEST).plus(LEASE))) {
                return IN_PROGRESS; // by another process, or one that has died: nobody can tell yet
            } else {
                progress.cutOff(begun.get().at(), plan.commands().size());
            }
        }
        String thisCall = ofCall(idempotencyKey, call);
        if (!begin(conversation, thisCall, idempotencyKey, now)) {
            return IN_PROGRESS;
        }
        Outcome outcome = run(conversation, plan, idempotencyKey, progress, now.plus(LONGEST));
        if (outcome.errors().stream().anyMatch(Problem::mayWorkLater)) {
            events.append(List.of(event(conversation, UNFINISHED, thisCall, progress.payload(), clock.instant())));
        } else {
            var noted = new ArrayList<Event>();
            noted.add(event(conversation, FINISHED, idempotencyKey, payloadOf(outcome), clock.instant()));
            String person = people.apply(conversation).orElse(null);
            plan.events()
                    .forEach(emitted -> noted.add(new Event(
                            Uuid7.at(now),
                            conversation.tenant(),
                            conversation,
                            person,
                            emitted.type(),
                            1,
                            emitted.payload(),
                            Event.Source.RULE,
                            null,
                            idempotencyKey,
                            0,
                            now)));
            events.append(noted);
        }
        return outcome;
    }

    /** Of several processes that begin in the same moment one has its event in the log, whatever the others appended. */
    private boolean begin(ConversationId conversation, String call, String key, Instant now) {
        String mine = UUID.randomUUID().toString();
        events.append(List.of(event(conversation, STARTED, call, Map.of("key", key, "by", mine), now)));
        return !shared
                || find(conversation, STARTED, call)
                        .filter(begun -> mine.equals(begun.payload().get("by")))
                        .isPresent();
    }

    /** By what the events of each call with a key are found; keys have no slash. */
    private static String ofCall(String key, int call) {
        return call == 1 ? key : key + "/" + call;
    }

    private Outcome run(
            ConversationId conversation, ExecutionPlan plan, String key, PlanProgress progress, Instant until) {
        int sent = 0;
        boolean labels = false;
        boolean attributes = false;
        Duration patience = PATIENCE;
        var errors = new ArrayList<Problem>();
        for (int i = 0; i < plan.commands().size(); i++) {
            OutboundCommand command = plan.commands().get(i);
            CommandResult result = progress.isDone(i)
                    ? new CommandResult.Done(null)
                    : attempt(conversation, i, command, key, progress.unclearSince(i), until);
            for (Duration wait = wait(result);
                    wait != null && wait.compareTo(patience) <= 0 && pause.test(wait);
                    wait = wait(result)) {
                patience = patience.minus(wait);
                result = attempt(conversation, i, command, key, progress.unclearSince(i), until);
            }
            progress.tried(i, result, clock.instant());
            Optional<Problem> problem = result.accept(new Reading(command));
            if (problem.isPresent()) {
                errors.add(problem.get());
            } else if (command instanceof ChangeLabels) {
                labels = true;
            } else if (command instanceof SetContactAttributes) {
                attributes = true;
            } else if (command.speaksToCustomer() || command instanceof OutboundCommand.AddPrivateNote) {
                sent++;
            }
        }
        return new Outcome(sent, labels, attributes, errors);
    }

    private CommandResult attempt(
            ConversationId conversation,
            int number,
            OutboundCommand command,
            String key,
            @Nullable Instant unclearSince,
            Instant until) {
        Instant now = clock.instant();
        if (shared && now.isAfter(until)) {
            return new CommandResult.NotDone("took_too_long", null);
        }
        if (command.speaksToCustomer() && optedOut.test(conversation)) {
            return new CommandResult.Refused("opted_out");
        }
        return sender.send(new CommandAttempt(
                number, conversation, "plan", key + "-" + number, command, 1, unclearSince, now.plus(LEASE), key));
    }

    /** After which a try that did nothing may be repeated at once; null when that is for a later call. */
    private static @Nullable Duration wait(CommandResult result) {
        return result instanceof CommandResult.NotDone later && later.after() != null
                ? later.after().plusMillis(20)
                : null;
    }

    private record Reading(OutboundCommand command) implements CommandResult.Visitor<Optional<Problem>> {

        @Override
        public Optional<Problem> done(CommandResult.Done result) {
            return Optional.empty();
        }

        @Override
        public Optional<Problem> notDone(CommandResult.NotDone result) {
            return problem(result.reason(), true);
        }

        @Override
        public Optional<Problem> unclear(CommandResult.Unclear result) {
            return problem(result.reason(), true);
        }

        @Override
        public Optional<Problem> refused(CommandResult.Refused result) {
            return problem(result.reason(), false);
        }

        @Override
        public Optional<Problem> heldBack(CommandResult.HeldBack result) {
            return problem(result.ownership().reason(), false);
        }

        private Optional<Problem> problem(String reason, boolean mayWorkLater) {
            String name = command.getClass().getSimpleName().replaceAll("([a-z])([A-Z])", "$1_$2");
            return Optional.of(new Problem(name.toLowerCase(Locale.ROOT), reason, mayWorkLater));
        }
    }

    private Optional<Event> find(ConversationId conversation, String type, String key) {
        return events.find(conversation.tenant(), id(conversation, type, key));
    }

    private static String id(ConversationId conversation, String type, String key) {
        return UUID.nameUUIDFromBytes((conversation + "/" + type + "/" + key).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static Event event(
            ConversationId conversation, String type, String key, Map<String, Object> payload, Instant now) {
        return new Event(
                id(conversation, type, key),
                conversation.tenant(),
                conversation,
                null,
                type,
                1,
                payload,
                Event.Source.SYSTEM,
                null,
                key,
                0,
                now);
    }

    private static Map<String, Object> payloadOf(Outcome outcome) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("messages_sent", outcome.messagesSent());
        payload.put("labels_updated", outcome.labelsUpdated());
        payload.put("attributes_updated", outcome.attributesUpdated());
        payload.put(
                "errors",
                outcome.errors().stream()
                        .map(problem -> Map.of("command", problem.command(), "reason", problem.reason()))
                        .toList());
        return payload;
    }

    private static Outcome outcomeOf(Map<String, Object> payload) {
        var errors = new ArrayList<Problem>();
        if (payload.get("errors") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> problem) {
                    errors.add(new Problem(
                            String.valueOf(problem.get("command")), String.valueOf(problem.get("reason")), false));
                }
            }
        }
        return new Outcome(
                payload.get("messages_sent") instanceof Number sent ? sent.intValue() : 0,
                Boolean.TRUE.equals(payload.get("labels_updated")),
                Boolean.TRUE.equals(payload.get("attributes_updated")),
                errors);
    }
}
