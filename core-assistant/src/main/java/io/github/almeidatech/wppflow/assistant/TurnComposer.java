package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetConversationAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.router.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts a plan into commands and events. */
final class TurnComposer implements Plan.Visitor<TurnResult> {

    private static final int REMEMBERED_IN_NOTE = 3;
    /** A sentence at the beginning that says no more than hello, and the emoji behind it. */
    private static final Pattern GREETING =
            Pattern.compile("(?iu)^(?:oi+e?|ol[áa]|hola|hi|hello|hey)(?:,? (?:\\p{L}+|tudo bem|tudo bom))?[!.?]+"
                    + "(?:\\s*\\p{So}[\\p{Sk}\\x{FE0F}]?)?\\s+(?=\\S)");

    private final Situation now;
    private final Assignments assignments;

    TurnComposer(Situation now, Assignments assignments) {
        this.now = now;
        this.assignments = assignments;
    }

    TurnResult compose(Plan plan) {
        TurnResult result = plan.accept(this);
        return new TurnResult(
                result.commands(), TurnEvents.tellingOf(result.commands(), result.events()), result.ownership());
    }

    @Override
    public TurnResult reply(Plan.Reply plan) {
        String text = introduced(plan.text());
        var commands = notes();
        commands.addAll(bubbles(text, Purpose.ANSWER));
        labelIntent(commands);
        return result(commands, completed("answered", plan.reason(), text, plan.sources()), null);
    }

    @Override
    public TurnResult draft(Plan.Draft plan) {
        var commands = notes();
        var note = new StringBuilder(now.note("note_suggestion") + "\n\n" + plan.text());
        missing(note, plan.missing());
        commands.add(new AddPrivateNote(note.toString()));
        labelIntent(commands);
        List<Event> events = completed("drafted", plan.reason(), "", plan.sources());
        events.addAll(unanswered(plan.missing()));
        return result(commands, events, null);
    }

    /** One operation: label, note, team or agent, status, word to the customer, event; in this order. */
    @Override
    public TurnResult handoff(Plan.Handoff plan) {
        var commands = new ArrayList<OutboundCommand>();
        commands.add(intentLabels(List.of(now.tenant().handoffLabel())));
        commands.add(new AddPrivateNote(handoffNote(plan)));
        Assign assign = assignments.of(now);
        if (assign.teamId() != null || assign.agentId() != null) {
            commands.add(assign);
        }
        commands.add(new SetStatus(ConversationStatus.OPEN));
        String text = plan.text() == null ? "" : introduced(plan.text());
        if (!text.isEmpty()) {
            commands.addAll(bubbles(text, Purpose.HANDOFF));
        }
        var ours = new OwnershipSignal(Owner.HUMAN, now.now(), null, "handoff", false);
        List<Event> events = completed("handed_off", plan.reason(), text, plan.sources());
        if (assign.agentId() != null) {
            events.add(TurnEvents.assigned(now, assign));
        }
        events.addAll(unanswered(plan.missing()));
        return result(commands, events, ours);
    }

    @Override
    public TurnResult outside(Plan.Outside plan) {
        WorkflowAnswer answer = plan.answer();
        if (answer.handoff()) {
            return calledFromOutside(plan.reason(), answer);
        }
        var commands = notes();
        String said = plan.draft() ? "" : said(answer);
        if (plan.draft() && !answer.messages().isEmpty()) {
            commands.add(new AddPrivateNote(now.note("note_suggestion") + "\n\n" + draft(answer)));
        } else {
            commands.addAll(messages(answer));
        }
        commands.addAll(extras(answer));
        if (answer.silence() != null) {
            return result(commands, completed("silent", plan.reason(), "", List.of()), null);
        }
        labelIntent(commands);
        String outcome = plan.draft() ? "drafted" : "answered";
        return result(commands, completed(outcome, plan.reason(), said, List.of()), null);
    }

    /** What is said in it is the word to the customer; files go with it. */
    private TurnResult calledFromOutside(Reason reason, WorkflowAnswer answer) {
        String texts = answer.messages().stream()
                .filter(message -> message.attachment() == null)
                .map(WorkflowAnswer.Message::text)
                .collect(Collectors.joining("\n\n"));
        TurnResult called = handoff(new Plan.Handoff(reason, texts.isEmpty() ? now.calling("handoff") : texts));
        var commands = extras(answer);
        commands.addAll(called.commands());
        answer.messages().stream()
                .filter(message -> message.attachment() != null)
                .forEach(file -> commands.add(
                        new SendAttachment(Objects.requireNonNull(file.attachment()), file.text(), Purpose.HANDOFF)));
        return new TurnResult(commands, called.events(), called.ownership());
    }

    /** As the history keeps it: a file by its caption, else by its address. */
    private String said(WorkflowAnswer answer) {
        if (answer.messages().isEmpty()) {
            return "";
        }
        String all = answer.messages().stream()
                .map(message -> message.text().isBlank() ? message.attachment() : message.text())
                .collect(Collectors.joining("\n\n"));
        return introduced(all);
    }

    private static String draft(WorkflowAnswer answer) {
        return answer.messages().stream()
                .flatMap(message -> Stream.of(message.text(), message.attachment() == null ? "" : message.attachment()))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining("\n\n"));
    }

    private List<OutboundCommand> messages(WorkflowAnswer answer) {
        var commands = new ArrayList<OutboundCommand>();
        for (WorkflowAnswer.Message message : answer.messages()) {
            String text = commands.isEmpty() ? introduced(message.text()).strip() : message.text();
            if (message.attachment() == null) {
                commands.addAll(bubbles(text, Purpose.ANSWER));
            } else {
                commands.add(new SendAttachment(message.attachment(), text, Purpose.ANSWER));
            }
        }
        return commands;
    }

    private static List<OutboundCommand> extras(WorkflowAnswer answer) {
        var commands = new ArrayList<OutboundCommand>();
        if (!answer.addLabels().isEmpty() || !answer.removeLabels().isEmpty()) {
            commands.add(new ChangeLabels(answer.addLabels(), answer.removeLabels()));
        }
        if (!answer.attributes().isEmpty()) {
            commands.add(new SetConversationAttributes(answer.attributes()));
        }
        if (!answer.note().isBlank()) {
            commands.add(new AddPrivateNote(answer.note()));
        }
        return commands;
    }

    @Override
    public TurnResult silence(Plan.Silence plan) {
        return result(notes(), completed("silent", plan.reason(), plan.said(), List.of()), null);
    }

    private List<SendMessage> bubbles(String text, Purpose purpose) {
        return new ReplySplitter(now.tenant().maxBubble())
                .split(text).stream()
                        .map(bubble -> new SendMessage(bubble, null, purpose))
                        .toList();
    }

    /** The first automatic message of a conversation says that it is one, and greets; what else greets in it is left out. */
    private String introduced(String text) {
        if (!now.tenant().introduce() || now.history().hasReplies()) {
            return text;
        }
        String introduction = now.say(now.persona().name().isEmpty() ? "introduction" : "introduction_named");
        return introduction + "\n\n" + GREETING.matcher(text).replaceFirst("");
    }

    private List<OutboundCommand> notes() {
        var commands = new ArrayList<OutboundCommand>();
        if (now.tenant().noteTranscripts()) {
            for (String transcript : now.heard().transcripts()) {
                commands.add(new AddPrivateNote(now.note("note_transcript") + " " + transcript));
            }
        }
        return commands;
    }

    /** Labels the conversation with what it is about, when that has changed. */
    private void labelIntent(List<OutboundCommand> commands) {
        ChangeLabels labels = intentLabels(List.of());
        if (!labels.add().isEmpty()) {
            commands.add(labels);
        }
    }

    /** Beside others: those of the intent, when it has changed; the bot that dealt with the one before has no part in it. */
    private ChangeLabels intentLabels(List<String> others) {
        String before = now.history().lastIntent();
        if (now.classification() == null || now.intent().equals(before)) {
            return new ChangeLabels(others, List.of());
        }
        Router router = now.tenant().router();
        var add = new ArrayList<>(others);
        add.addAll(router.route(now.intent()).labels());
        String formerBot = before.isEmpty() ? "" : router.route(before).botLabel();
        boolean changed = !formerBot.isEmpty() && !add.contains(formerBot);
        return new ChangeLabels(add, changed ? List.of(formerBot) : List.of());
    }

    /** For the person who takes over: why, what was asked, what the bot had said before. */
    private String handoffNote(Plan.Handoff plan) {
        var note = new StringBuilder(now.note("note_handoff"));
        Reason why = plan.reason();
        line(note, "note_reason", why.clause(now.tenant().language()) + " (" + why.word() + ")");
        if (now.classification() != null) {
            line(note, "note_topic", now.intent());
        }
        note.append('\n');
        line(
                note,
                "note_customer",
                now.heard().text().isBlank() ? "-" : now.heard().text());
        if (!now.heard().unreadable().isEmpty()) {
            line(note, "note_unread", String.join(", ", now.heard().unreadable()));
        }
        if (!plan.sources().isEmpty()) {
            missing(note, plan.missing());
        }
        plan.missing().stream()
                .flatMap(each -> each.nearest().stream().limit(1))
                .forEach(nearest -> line(note, "note_nearest", nearest.title()));
        List<History.Exchange> recent = now.history().recent();
        for (var exchange : recent.subList(Math.max(0, recent.size() - REMEMBERED_IN_NOTE), recent.size())) {
            note.append('\n');
            line(note, "note_before", exchange.heard());
            if (!exchange.reply().isEmpty()) {
                line(note, "note_bot", exchange.reply());
            }
        }
        return note.toString();
    }

    /** For the owner's list: what a document could answer, if there were one. */
    private List<Event> unanswered(List<Findings.Unanswered> missing) {
        return missing.stream()
                .filter(each -> !each.ownCase())
                .map(each -> TurnEvents.unanswered(now, each))
                .toList();
    }

    /** What of the turn is left to the person. */
    private void missing(StringBuilder note, List<Findings.Unanswered> missing) {
        missing.forEach(each -> line(note, "note_missing", each.question()));
    }

    private void line(StringBuilder note, String phrase, String text) {
        note.append('\n').append(now.note(phrase)).append(' ').append(text);
    }

    private List<Event> completed(String outcome, Reason reason, String reply, List<KnowledgeAnswer.Source> sources) {
        var events = new ArrayList<Event>();
        events.add(TurnEvents.completed(now, outcome, reason, reply, sources));
        if (now.optsOut(reason)) {
            events.add(TurnEvents.event(now, TurnEvents.OPTED_OUT, Map.of(), null));
        }
        if (reason == Reason.OPTED_IN) {
            events.add(TurnEvents.event(now, TurnEvents.OPTED_IN, Map.of(), null));
        }
        return events;
    }

    private static TurnResult result(
            List<OutboundCommand> commands, List<Event> events, @Nullable OwnershipSignal ownership) {
        return new TurnResult(commands, events, ownership);
    }
}
