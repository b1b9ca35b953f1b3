package io.github.almeidatech.wppflow.testkit;

import java.time.Duration;

/** What goes wrong with a webhook delivery on its way. Immutable. */
public final class DeliveryFault {

    enum Kind {
        DROP,
        REPEAT,
        REPEAT_AS_OTHER,
        DELAY
    }

    private final Kind kind;
    private final int times;
    private final Duration delay;

    private DeliveryFault(Kind kind, int times, Duration delay) {
        this.kind = kind;
        this.times = times;
        this.delay = delay;
    }

    /** Never sent, as when Chatwoot's queue loses it. */
    public static DeliveryFault drop() {
        return new DeliveryFault(Kind.DROP, 0, Duration.ZERO);
    }

    /** Sent this many times more, all with the same delivery id. */
    public static DeliveryFault repeated(int timesMore) {
        return new DeliveryFault(Kind.REPEAT, timesMore, Duration.ZERO);
    }

    /** Sent this many times more, each with a delivery id of its own. */
    public static DeliveryFault repeatedAsOther(int timesMore) {
        return new DeliveryFault(Kind.REPEAT_AS_OTHER, timesMore, Duration.ZERO);
    }

    /** Sent later; what comes after overtakes it. */
    public static DeliveryFault delayed(Duration by) {
        return new DeliveryFault(Kind.DELAY, 0, by);
    }

    Kind kind() {
        return kind;
    }

    int times() {
        return times;
    }

    Duration delay() {
        return delay;
    }
}
