package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.flow.Turn;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a plan into commands and events. */
final class TurnComposer implements Plan.Visitor<TurnResult> {

    private final Turn turn;
    private final AssistantSettings tenant;
    private final Heard heard;
    private final History history;
    private final @Nullable Classification classification;
    private final Instant now;

    TurnComposer(
            Turn turn,
            AssistantSettings tenant,
            Heard heard,
            History history,
            @Nullable Classification classification,
            Instant now) {
        this.turn = turn;
        this.tenant = tenant;
        this.heard = heard;
        this.history = history;
        this.classification = classification;
        this.now = now;
    }

    TurnResult compose(Plan plan) {
        return plan.accept(this);
    }

    @Override
    public TurnResult reply(Plan.Reply plan) {
        String text = introduced(plan.text());
        var commands = new ArrayList<OutboundCommand>(bubbles(text, Purpose.ANSWER));
        labelIntent(commands);
        return result(commands, "answered", plan.reason(), text, plan.sources(), null);
    }

    @Override
    public TurnResult draft(Plan.Draft plan) {
        var commands = new ArrayList<OutboundCommand>();
        commands.add(new AddPrivateNote("Sugestão de resposta:\n\n" + plan.text()));
        labelIntent(commands);
        return result(commands, "drafted", plan.reason(), "", plan.sources(), null);
    }

    /** One operation: label, note, team or agent, status, word to the customer, event; in this order. */
    @Override
    public TurnResult handoff(Plan.Handoff plan) {
        var commands = new ArrayList<OutboundCommand>();
        commands.add(new ChangeLabels(List.of(tenant.handoffLabel()), List.of()));
        commands.add(new AddPrivateNote(note(plan)));
        Assign assign = assignment();
        if (assign.teamId() != null || assign.agentId() != null) {
            commands.add(assign);
        }
        commands.add(new SetStatus(ConversationStatus.OPEN));
        String text = plan.text() == null ? "" : introduced(plan.text());
        if (!text.isEmpty()) {
            commands.addAll(bubbles(text, Purpose.HANDOFF));
        }
        var ours = new OwnershipSignal(Owner.HUMAN, now, null, "handoff", false);
        return result(commands, "handed_off", plan.reason(), text, List.of(), ours);
    }

    @Override
    public TurnResult silence(Plan.Silence plan) {
        return result(List.of(), "silent", plan.reason(), "", List.of(), null);
    }

    private List<SendMessage> bubbles(String text, Purpose purpose) {
        return new ReplySplitter(tenant.maxBubble())
                .split(text).stream()
                        .map(bubble -> new SendMessage(bubble, null, purpose))
                        .toList();
    }

    /** The first automatic message of a conversation says that it is one. */
    private String introduced(String text) {
        if (!tenant.introduce() || history.hasReplies()) {
            return text;
        }
        return tenant.phrases().say("introduction", language()) + "\n\n" + text;
    }

    private io.github.almeidatech.wppflow.model.Language language() {
        return classification == null || heard.nothingReadable() ? tenant.language() : classification.language();
    }

    /** Labels the conversation with what it is about, when that has changed. */
    private void labelIntent(List<OutboundCommand> commands) {
        if (classification == null || classification.intent().equals(history.lastIntent())) {
            return;
        }
        List<String> labels = tenant.router().route(classification).labels();
        if (!labels.isEmpty()) {
            commands.add(new ChangeLabels(labels, List.of()));
        }
    }

    private Assign assignment() {
        if (classification != null) {
            Route route = tenant.router().route(classification);
            if (route.teamId() != null || route.agentId() != null) {
                return new Assign(route.agentId(), route.teamId());
            }
        }
        return new Assign(tenant.handoffAgentId(), tenant.handoffTeamId());
    }

    /** For the person who takes over: why, what was asked, what the bot had said before. */
    private String note(Plan.Handoff plan) {
        var note = new StringBuilder("🤖 Atendimento passado para uma pessoa.\n");
        note.append("Motivo: ").append(plan.reason().word());
        if (classification != null) {
            note.append("\nAssunto: ").append(classification.intent());
        }
        note.append("\n\nCliente: ").append(heard.text().isBlank() ? "(sem texto)" : heard.text());
        if (!heard.unreadable().isEmpty()) {
            note.append("\nNão lido: ").append(String.join(", ", heard.unreadable()));
        }
        int from = Math.max(0, history.exchanges().size() - 3);
        for (History.Exchange exchange :
                history.exchanges().subList(from, history.exchanges().size())) {
            note.append("\n\nAntes: ").append(exchange.heard());
            if (!exchange.reply().isEmpty()) {
                note.append("\nBot: ").append(exchange.reply());
            }
        }
        return note.toString();
    }

    private TurnResult result(
            List<OutboundCommand> commands,
            String outcome,
            Reason reason,
            String reply,
            List<KnowledgeAnswer.Source> sources,
            @Nullable OwnershipSignal ownership) {
        var events = new ArrayList<Event>();
        events.add(TurnEvents.completed(turn, heard, outcome, reason, reply, sources, classification, now));
        if (reason == Reason.OPTED_OUT) {
            events.add(TurnEvents.event(turn, TurnEvents.OPTED_OUT, Map.of(), null, now));
        }
        return new TurnResult(commands, events, ownership);
    }
}
