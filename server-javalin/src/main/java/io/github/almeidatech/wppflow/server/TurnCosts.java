package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.llm.ModelCallListener;
import io.github.almeidatech.wppflow.model.Event;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes into a turn's event what models have cost on the way to it: models are called, and tell of it, on the thread that
 * answers the turn, or on one that works {@linkplain #onBehalf on its behalf}. Thread-safe.
 */
final class TurnCosts implements ModelCallListener {

    private static final String COMPLETED = "turn.completed";

    private final ThreadLocal<Sum> sums = ThreadLocal.withInitial(Sum::new);

    @Override
    public void called(Call call) {
        sums.get().add(call);
    }

    /** The work, for another thread: what it costs is the turn's of this one. */
    Runnable onBehalf(Runnable work) {
        Sum ofTurn = sums.get();
        return () -> {
            Sum own = sums.get();
            sums.set(ofTurn);
            try {
                work.run();
            } finally {
                sums.set(own);
            }
        };
    }

    /** The handler, with {@code cost} in its {@code turn.completed} events where a model was called. */
    TurnHandler of(TurnHandler handler) {
        return new TurnHandler() {
            @Override
            public TurnResult answer(Turn turn) {
                return counted(() -> handler.answer(turn));
            }

            @Override
            public TurnResult giveUp(Turn turn, RuntimeException failure) {
                return counted(() -> handler.giveUp(turn, failure));
            }
        };
    }

    private TurnResult counted(Supplier<TurnResult> answering) {
        sums.remove();
        try {
            TurnResult result = answering.get();
            Sum sum = sums.get();
            return sum.calls == 0 || result.waitUntil() != null ? result : withCost(result, sum);
        } finally {
            sums.remove();
        }
    }

    private static TurnResult withCost(TurnResult result, Sum sum) {
        List<Event> events =
                result.events().stream().map(event -> withCost(event, sum)).toList();
        return new TurnResult(result.commands(), events, result.ownership());
    }

    private static Event withCost(Event event, Sum sum) {
        if (!event.type().equals(COMPLETED)) {
            return event;
        }
        var payload = new LinkedHashMap<>(event.payload());
        payload.put("cost", sum.toPlainData());
        return new Event(
                event.id(),
                event.tenant(),
                event.conversation(),
                event.personKey(),
                event.type(),
                event.version(),
                payload,
                event.source(),
                event.confidence(),
                event.causeId(),
                event.depth(),
                event.at());
    }

    /** The calls of one turn. */
    private static final class Sum {

        private int calls;
        private long inputTokens;
        private long outputTokens;
        private long micros;
        private final Set<String> models = new LinkedHashSet<>();

        synchronized void add(Call call) {
            calls++;
            inputTokens += call.inputTokens();
            outputTokens += call.outputTokens();
            micros += call.costMicros();
            models.add(call.model());
        }

        synchronized Map<String, Object> toPlainData() {
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("calls", calls);
            data.put("tokens_in", inputTokens);
            data.put("tokens_out", outputTokens);
            data.put("dollars", BigDecimal.valueOf(micros, 6).doubleValue());
            data.put("models", models.stream().toList());
            return data;
        }
    }
}
