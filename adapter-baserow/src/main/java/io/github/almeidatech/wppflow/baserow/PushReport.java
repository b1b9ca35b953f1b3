package io.github.almeidatech.wppflow.baserow;

import java.util.Map;

/**
 * What writing contacts into their rows came to.
 *
 * @param written contacts whose rows say everything by now
 * @param refused how many could not be written, or not all of it, by a stable word; each is tried again later
 */
public record PushReport(int written, Map<String, Integer> refused) {

    public PushReport {
        refused = Map.copyOf(refused);
    }
}
