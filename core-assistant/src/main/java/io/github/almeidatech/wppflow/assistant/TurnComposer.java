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
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a plan into commands and events. */
final class TurnComposer implements Plan.Visitor<TurnResult> {

    private static final int REMEMBERED_IN_NOTE = 3;

    private final Situation now;

    TurnComposer(Situation now) {
        this.now = now;
    }

    TurnResult compose(Plan plan) {
        return plan.accept(this);
    }

    @Override
    public TurnResult reply(Plan.Reply plan) {
        String text = introduced(plan.text());
        var commands = notes();
        commands.addAll(bubbles(text, Purpose.ANSWER));
        labelIntent(commands);
        return result(commands, "answered", plan.reason(), text, plan.sources(), null);
    }

    @Override
    public TurnResult draft(Plan.Draft plan) {
        var commands = notes();
        commands.add(new AddPrivateNote(now.note("note_suggestion") + "\n\n" + plan.text()));
        labelIntent(commands);
        return result(commands, "drafted", plan.reason(), "", plan.sources(), null);
    }

    /** One operation: label, note, team or agent, status, word to the customer, event; in this order. */
    @Override
    public TurnResult handoff(Plan.Handoff plan) {
        var commands = new ArrayList<OutboundCommand>();
        commands.add(new ChangeLabels(List.of(now.tenant().handoffLabel()), List.of()));
        commands.add(new AddPrivateNote(handoffNote(plan)));
        Assign assign = assignment();
        if (assign.teamId() != null || assign.agentId() != null) {
            commands.add(assign);
        }
        commands.add(new SetStatus(ConversationStatus.OPEN));
        String text = plan.text() == null ? "" : introduced(plan.text());
        if (!text.isEmpty()) {
            commands.addAll(bubbles(text, Purpose.HANDOFF));
        }
        var ours = new OwnershipSignal(Owner.HUMAN, now.now(), null, "handoff", false);
        return result(commands, "handed_off", plan.reason(), text, List.of(), ours);
    }

    @Override
    public TurnResult silence(Plan.Silence plan) {
        return result(notes(), "silent", plan.reason(), "", List.of(), null);
    }

    private List<SendMessage> bubbles(String text, Purpose purpose) {
        return new ReplySplitter(now.tenant().maxBubble())
                .split(text).stream()
                        .map(bubble -> new SendMessage(bubble, null, purpose))
                        .toList();
    }

    /** The first automatic message of a conversation says that it is one. */
    private String introduced(String text) {
        return now.tenant().introduce() && !now.history().hasReplies() ? now.say("introduction") + "\n\n" + text : text;
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
        Classification heardAs = now.classification();
        if (heardAs == null || heardAs.intent().equals(now.history().lastIntent())) {
            return;
        }
        List<String> labels = now.tenant().router().route(heardAs).labels();
        if (!labels.isEmpty()) {
            commands.add(new ChangeLabels(labels, List.of()));
        }
    }

    private Assign assignment() {
        if (now.classification() != null) {
            Route route = now.tenant().router().route(now.classification());
            if (route.teamId() != null || route.agentId() != null) {
                return new Assign(route.agentId(), route.teamId());
            }
        }
        return new Assign(now.tenant().handoffAgentId(), now.tenant().handoffTeamId());
    }

    /** For the person who takes over: why, what was asked, what the bot had said before. */
    private String handoffNote(Plan.Handoff plan) {
        var note = new StringBuilder(now.note("note_handoff"));
        line(note, "note_reason", plan.reason().word());
        if (now.classification() != null) {
            line(note, "note_topic", now.classification().intent());
        }
        note.append('\n');
        line(
                note,
                "note_customer",
                now.heard().text().isBlank() ? "-" : now.heard().text());
        if (!now.heard().unreadable().isEmpty()) {
            line(note, "note_unread", String.join(", ", now.heard().unreadable()));
        }
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

    private void line(StringBuilder note, String phrase, String text) {
        note.append('\n').append(now.note(phrase)).append(' ').append(text);
    }

    private TurnResult result(
            List<OutboundCommand> commands,
            String outcome,
            Reason reason,
            String reply,
            List<KnowledgeAnswer.Source> sources,
            @Nullable OwnershipSignal ownership) {
        var events = new ArrayList<Event>();
        events.add(TurnEvents.completed(now, outcome, reason, reply, sources));
        if (reason == Reason.OPTED_OUT) {
            events.add(TurnEvents.event(now, TurnEvents.OPTED_OUT, Map.of(), null));
        }
        return new TurnResult(commands, events, ownership);
    }
}
