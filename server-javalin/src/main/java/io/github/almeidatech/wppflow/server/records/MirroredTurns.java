package io.github.almeidatech.wppflow.server.records;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import java.util.Objects;

/**
 * Sees to it that a turn is written down in the tenant's tables: its events by commands that are stored with them, whatever
 * becomes of the answer, and carried out by workers of their own, and the person, if there is no row yet. What the turn has changed about a known person is
 * noted by the contacts' store like every other change.
 */
public final class MirroredTurns implements TurnHandler {

    private final TurnHandler assistant;
    private final Records records;

    public MirroredTurns(TurnHandler assistant, Records records) {
        this.assistant = assistant;
        this.records = records;
    }

    @Override
    public TurnResult answer(Turn turn) {
        return mirrored(turn, assistant.answer(turn));
    }

    @Override
    public TurnResult giveUp(Turn turn, RuntimeException failure) {
        return mirrored(turn, assistant.giveUp(turn, failure));
    }

    private TurnResult mirrored(Turn turn, TurnResult result) {
        if (result.waitUntil() != null || !records.has(turn.conversation().tenant())) {
            return result;
        }
        turn.messages().stream()
                .map(message -> message.sender().personKey())
                .filter(Objects::nonNull)
                .reduce((first, last) -> last)
                .ifPresent(person -> records.wantRow(turn.conversation().tenant(), person));
        return result.recorded(records.rowsOf(turn, result.events()));
    }
}
