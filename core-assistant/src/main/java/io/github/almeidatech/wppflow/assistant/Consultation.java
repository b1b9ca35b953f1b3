package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a program outside about a turn, and remembers in the event log how far that has come: whatever crashes, the same
 * question keeps its correlation id and its time limit, and an answer that has arrived is used.
 */
final class Consultation {

    private static final Logger log = LoggerFactory.getLogger(Consultation.class);
    /** However often the customer writes more meanwhile, the first question waits no longer than this often its limit. */
    private static final int LONGEST = 2;

    private final Workflow workflow;
    private static final Duration FILE_CHECK = Duration.ofSeconds(20);

    private final EventLog events;
    private final OutgoingFiles files;

    Consultation(Workflow workflow, EventLog events, OutgoingFiles files) {
        this.workflow = workflow;
        this.events = events;
        this.files = files;
    }

    /**
     * What came of it.
     *
     * @param answer null when there is none
     * @param waitUntil null when there is nothing to wait for
     * @param events to be written with the turn
     */
    record Result(@Nullable WorkflowAnswer answer, @Nullable Instant waitUntil, List<Event> events) {}

    /** An answer of which the customer would see nothing is none. */
    Result of(Situation now, Classification heardAs, WorkflowBot bot) {
        Result result = ask(now, heardAs, bot);
        WorkflowAnswer answer = result.answer();
        boolean draft = now.tenant().router().modeOf(now.intent()) == Mode.DRAFT;
        return answer == null || answer.handoff() || !answer.hasOnlyFiles() || draft
                ? result
                : ifDeliverable(result, answer.messages(), now, bot);
    }

    /** One file that can be sent is enough. */
    private Result ifDeliverable(Result result, List<WorkflowAnswer.Message> messages, Situation now, WorkflowBot bot) {
        var obstacles = new ArrayList<String>();
        for (WorkflowAnswer.Message each : messages) {
            Optional<String> obstacle = files.obstacle(
                    now.turn().conversation(),
                    Objects.requireNonNull(each.attachment()),
                    FILE_CHECK.dividedBy(messages.size()));
            if (obstacle.isEmpty()) {
                return result;
            }
            obstacles.add(obstacle.get());
        }
        log.warn("workflow {} answered with files that cannot be sent: {}", bot.name(), obstacles);
        events.append(List.of(WorkflowEvents.undeliverable(
                CorrelationId.of(now.turn()), now.newest().sender().personKey(), bot.name(), obstacles, now.now())));
        return new Result(null, null, result.events());
    }

    private Result ask(Situation now, Classification heardAs, WorkflowBot bot) {
        var question = CorrelationId.of(now.turn());
        String person = now.newest().sender().personKey();
        WorkflowEvents known = WorkflowEvents.of(events, question);
        Optional<WorkflowAnswer> came = known.answer();
        if (came.isPresent()) {
            return new Result(came.get(), null, List.of());
        }
        if (known.find(WorkflowEvents.FAILED).isPresent()) {
            return new Result(null, null, List.of());
        }
        Optional<Event> called = known.find(WorkflowEvents.CALLED);
        Instant until = called.map(WorkflowEvents::until).orElseGet(() -> until(now, bot, known));
        if (!until.isAfter(now.now())) {
            return failed(question, person, bot, Workflow.Failure.NO_ANSWER, now.now());
        }
        if (known.find(WorkflowEvents.WAITING).isPresent()) {
            return new Result(null, until, List.of());
        }
        if (called.isEmpty()) { // before it can be answered: an answer to an unknown question is refused
            events.append(List.of(WorkflowEvents.called(question, person, bot.name(), until, now.now())));
        }
        var request = new Workflow.Request(
                bot.name(),
                now.turn().conversation(),
                question.text(),
                now.turn().id(),
                until,
                data(now, heardAs));
        return workflow.ask(request)
                .match(
                        answer -> ended(
                                question, WorkflowEvents.answered(question, person, bot.name(), answer, now.now())),
                        () -> later(question, person, bot, until, now.now()),
                        why -> failed(question, person, bot, why, now.now()));
    }

    /** It may have been answered before the call has returned. */
    private Result later(CorrelationId question, @Nullable String person, WorkflowBot bot, Instant until, Instant now) {
        return WorkflowEvents.of(events, question)
                .answer()
                .map(came -> new Result(came, null, List.of()))
                .orElseGet(() ->
                        new Result(null, until, List.of(WorkflowEvents.waiting(question, person, bot.name(), now))));
    }

    private static Instant until(Situation now, WorkflowBot bot, WorkflowEvents known) {
        Instant own = now.now().plus(bot.answerWithin());
        Instant latest = known.firstUntil()
                .map(first -> first.plus(bot.answerWithin().multipliedBy(LONGEST - 1L)))
                .orElse(own);
        return own.isBefore(latest) ? own : latest;
    }

    private Result failed(
            CorrelationId question, @Nullable String person, WorkflowBot bot, Workflow.Failure why, Instant now) {
        Result result = ended(question, WorkflowEvents.failed(question, person, bot.name(), why, now));
        if (result.answer() == null) {
            log.warn("workflow {} gave no answer: {}", bot.name(), why.word());
        }
        return result;
    }

    /**
     * Written down at once: of two endings at the same time, such as a failed call and an answer that is called back, the
     * first one counts, and whoever brings the other is told so.
     */
    private Result ended(CorrelationId question, Event ending) {
        events.append(List.of(ending));
        return new Result(WorkflowEvents.of(events, question).answer().orElse(null), null, List.of());
    }

    private static Map<String, Object> data(Situation now, Classification heardAs) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("language", now.language().tag());
        data.put("message", message(now));
        data.put("contact", contact(now));
        data.put("history", history(now));
        data.put("route", route(now, heardAs));
        return data;
    }

    private static Map<String, Object> message(Situation now) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("content", now.heard().text());
        message.put("type", now.newest().type().word());
        message.put("unreadable", now.heard().unreadable());
        var ids = new ArrayList<Object>();
        var attachments = new ArrayList<Object>();
        for (InboundMessage each : now.turn().messages()) {
            ids.add(each.messageId());
            for (Attachment attachment : each.attachments()) {
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                one.put("type", attachment.kind().word());
                one.put("url", attachment.url());
                one.put("mime_type", attachment.mimeType());
                one.put("file_name", attachment.fileName());
                attachments.add(one);
            }
        }
        message.put("message_ids", ids);
        message.put("attachments", attachments);
        return message;
    }

    @SuppressWarnings("NullAway") // null values are data here: JSON has them
    private static Map<String, Object> contact(Situation now) {
        Sender sender = now.newest().sender();
        Contact known = now.contact();
        Map<String, Object> contact = new LinkedHashMap<>();
        contact.put("id", known == null ? null : known.id());
        contact.put("chatwoot_contact_id", sender.contactId());
        contact.put("phone", sender.phone());
        contact.put("name", known == null || known.name() == null ? sender.name() : known.name());
        contact.put("email", known == null ? null : known.email());
        contact.put("custom_fields", known == null ? Map.of() : known.customFields());
        return contact;
    }

    private static List<Object> history(Situation now) {
        var lines = new ArrayList<Object>();
        for (AnswerWriter.Line line : now.history().lines()) {
            lines.add(Map.of("role", line.fromCustomer() ? "customer" : "bot", "content", line.text()));
        }
        return lines;
    }

    @SuppressWarnings("NullAway") // null values are data here: JSON has them
    private static Map<String, Object> route(Situation now, Classification heardAs) {
        Route route = now.tenant().router().route(now.intent());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("intent", now.intent());
        view.put("confidence", heardAs.confidence());
        view.put("suggested_agent", route.bot());
        view.put("labels", route.labels());
        view.put("team_id", route.teamId());
        view.put("agent_ids", route.agentIds());
        return view;
    }
}
