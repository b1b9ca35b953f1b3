package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Ledger.Command;
import io.github.almeidatech.wppflow.benchmarks.Ledger.Turn;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long customers waited: from the last message of a turn to the first bubble that answers it. */
final class Waits {

    private final List<Duration> all;

    private Waits(List<Duration> all) {
        this.all = all;
    }

    static Waits of(Evidence evidence) {
        Map<Long, Instant> at = new HashMap<>();
        for (ChatMessage message : evidence.messages()) {
            at.put(message.id(), message.at());
        }
        Ledger ledger = Ledger.of(evidence.events());
        Map<String, Instant> firstBubble = new HashMap<>();
        for (Command command : ledger.commands().values()) {
            Instant seen = at.get(command.externalId());
            if (command.word().equals("send_message") && seen != null) {
                firstBubble.merge(command.turn(), seen, (one, other) -> one.isBefore(other) ? one : other);
            }
        }
        var all = new ArrayList<Duration>();
        for (Turn turn : ledger.turns()) {
            Instant answered = firstBubble.get(turn.id());
            Instant asked = turn.messages().stream()
                    .map(at::get)
                    .reduce(Instant.MIN, (one, other) -> one.isAfter(other) ? one : other);
            if (answered != null) {
                all.add(Duration.between(asked, answered));
            }
        }
        Collections.sort(all);
        return new Waits(all);
    }

    double seconds(double quantile) {
        int index = (int) Math.ceil(quantile * all.size()) - 1;
        return all.isEmpty() ? 0 : all.get(Math.max(0, index)).toMillis() / 1e3;
    }
}
