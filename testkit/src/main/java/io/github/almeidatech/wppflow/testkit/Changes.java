package io.github.almeidatech.wppflow.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What one operation on the installation changes: the rows to be written together, and the deliveries that follow. */
final class Changes {

    private final Instant now;
    private final Set<Object> rows = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Object> order = new ArrayList<>();
    private final List<Rows.Waiting> deliveries = new ArrayList<>();

    Changes(Instant now) {
        this.now = now;
    }

    /** The one instant at which all of this happens. */
    Instant now() {
        return now;
    }

    <T> T touch(T row) {
        if (rows.add(row)) {
            order.add(row);
        }
        return row;
    }

    void deliver(Rows.Waiting delivery) {
        touch(delivery);
        deliveries.add(delivery);
    }

    List<Object> rows() {
        return order;
    }

    List<Rows.Waiting> deliveries() {
        return deliveries;
    }
}
