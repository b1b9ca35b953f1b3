package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.llm.ModelCallListener;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into a turn's event what models have cost on the way to it: models are called, and tell of it, on the thread that
 * answers the turn, or on one that works {@linkplain #onBehalf on its behalf}. Thread-safe.
 */
final class TurnCosts implements ModelCallListener {

    private static final Logger log = LoggerFactory.getLogger(TurnCosts.class);
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

    /**
     * The handler, with {@code cost} in its {@code turn.completed} events where models have cost something.
     *
     * @param spent what budgets were charged for a turn, earlier tries and waiting for a workflow included
     */
    TurnHandler of(TurnHandler handler, Function<Payer, Amount> spent) {
        return new TurnHandler() {
            @Override
            public TurnResult answer(Turn turn) {
                return counted(turn, spent, () -> handler.answer(turn));
            }

            @Override
            public TurnResult giveUp(Turn turn, RuntimeException failure) {
                return counted(turn, spent, () -> handler.giveUp(turn, failure));
            }
        };
    }

    private TurnResult counted(Turn turn, Function<Payer, Amount> spent, Supplier<TurnResult> answering) {
        sums.remove();
        try {
            TurnResult result = answering.get();
            if (result.waitUntil() != null) {
                return result;
            }
            Map<String, Object> cost = sums.get().toPlainData(charged(turn, spent));
            return cost.isEmpty() ? result : withCost(result, cost);
        } finally {
            sums.remove();
        }
    }

    private static Amount charged(Turn turn, Function<Payer, Amount> spent) {
        try {
            return spent.apply(Payer.of(turn.conversation(), turn.id()));
        } catch (FlowException e) {
            log.warn("what the tries of turn {} have cost together cannot be looked up", turn.id(), e);
            return Amount.ZERO;
        }
    }

    private static TurnResult withCost(TurnResult result, Map<String, Object> cost) {
        List<Event> events = new ArrayList<>(result.events());
        for (int i = events.size() - 1; i >= 0; i--) { // of a turn in two parts the last one was answered now
            if (events.get(i).type().equals(COMPLETED)) {
                events.set(i, withCost(events.get(i), cost));
                break;
            }
        }
        return new TurnResult(result.commands(), events, result.ownership());
    }

    private static Event withCost(Event event, Map<String, Object> cost) {
        var payload = new LinkedHashMap<>(event.payload());
        payload.put("cost", cost);
        return event.with(payload);
    }

    /** The calls of one try. */
    private static final class Sum {

        private int calls;
        private long inputTokens;
        private long outputTokens;
        private long micros;
        private final Set<String> models = new LinkedHashSet<>();
        private final Map<String, Long> microsFor = new TreeMap<>();

        synchronized void add(Call call) {
            calls++;
            inputTokens += call.inputTokens();
            outputTokens += call.outputTokens();
            micros += call.costMicros();
            models.add(call.model());
            microsFor.merge(call.ability().word(), call.costMicros(), Long::sum);
        }

        /** Empty when neither this try nor an earlier one has called a model. */
        synchronized Map<String, Object> toPlainData(Amount charged) {
            if (calls == 0 && charged.equals(Amount.ZERO)) {
                return Map.of();
            }
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("calls", calls);
            data.put("tokens_in", inputTokens);
            data.put("tokens_out", outputTokens);
            data.put("dollars", dollars(micros));
            data.put("models", models.stream().toList());
            Map<String, Object> dollarsFor = new LinkedHashMap<>();
            microsFor.forEach((ability, each) -> dollarsFor.put(ability, dollars(each)));
            data.put("dollars_for", dollarsFor);
            data.put("turn_tokens", charged.tokens());
            data.put("turn_dollars", dollars(charged.micros()));
            return data;
        }

        private static double dollars(long micros) {
            return BigDecimal.valueOf(micros, 6).doubleValue();
        }
    }
}
