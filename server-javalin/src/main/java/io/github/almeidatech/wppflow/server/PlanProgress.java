package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.flow.CommandResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far the calls with a plan's key have come: which of its commands are done, and of which nobody knows. All others were
 * certainly not carried out. For one thread.
 */
final class PlanProgress {

    private final TreeSet<Integer> done = new TreeSet<>();
    private final Map<Integer, Instant> unclear = new TreeMap<>();

    /** After a call that has ended without having done all. */
    static PlanProgress of(Map<String, Object> payload) {
        var progress = new PlanProgress();
        if (payload.get("done") instanceof List<?> list) {
            list.forEach(each -> progress.done.add(Integer.valueOf(each.toString())));
        }
        if (payload.get("unclear_since") instanceof Map<?, ?> map) {
            map.forEach((command, since) ->
                    progress.unclear.put(Integer.valueOf(command.toString()), Instant.parse(since.toString())));
        }
        return progress;
    }

    Map<String, Object> payload() {
        var since = new LinkedHashMap<String, Object>();
        unclear.forEach((command, instant) -> since.put(command.toString(), instant.toString()));
        return Map.of("done", new ArrayList<>(done), "unclear_since", since);
    }

    /** A call that began then was cut off: whatever is not known as done may be done since. */
    void cutOff(Instant begun, int commands) {
        for (int i = 0; i < commands; i++) {
            if (!done.contains(i)) {
                unclear.put(i, begun);
            }
        }
    }

    boolean isDone(int command) {
        return done.contains(command);
    }

    /** When it may have been carried out for the last time; null when it certainly was not. */
    @Nullable
    Instant unclearSince(int command) {
        return unclear.get(command);
    }

    void tried(int command, CommandResult result, Instant now) {
        if (result instanceof CommandResult.Done) {
            done.add(command);
            unclear.remove(command);
        } else if (result instanceof CommandResult.Unclear) {
            unclear.put(command, now);
        }
    }
}
