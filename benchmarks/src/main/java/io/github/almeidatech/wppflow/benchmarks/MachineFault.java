package io.github.almeidatech.wppflow.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** What goes wrong with the machine under a server, for a while. */
enum MachineFault {
    /** No byte more can be written. */
    DISK_FULL_ONCE(2, Storage.Kind.SQLITE),
    DISK_FULL(12, Storage.Kind.SQLITE),
    /** Another process holds the lock for writing. */
    LOCKED_1S(1, Storage.Kind.SQLITE),
    LOCKED_10S(10, Storage.Kind.SQLITE),
    /** Stopped as if it was killed, and started again at the end. */
    DATABASE_STOPPED(6, Storage.Kind.POSTGRESQL),
    /** No byte goes to the database or comes from it. */
    DATABASE_CUT_OFF(12, Storage.Kind.POSTGRESQL),
    /** No byte goes to Chatwoot or comes from it; its webhooks arrive. */
    CHATWOOT_CUT_OFF(12),
    CLOCK_HOUR_AHEAD(8),
    CLOCK_HOUR_BACK(8),
    CLOCK_DAY_AHEAD(8),
    CLOCK_DAY_BACK(8),
    /** So long that the server follows it, and then set right. */
    CLOCK_SET_DAY_AHEAD(90),
    CLOCK_SET_DAY_BACK(90),
    /** Back by more than a lease while turns are being answered. */
    CLOCK_BACK_IN_LEASE(3),
    /** The process may open no file and no connection more. */
    NO_HANDLES(12),
    /** Each synchronisation of the disk takes 200 ms longer. */
    DISK_SLOW(12, Storage.Kind.SQLITE),
    /** The same with two and a half seconds, longer than a webhook waits. */
    DISK_STALLS(15, Storage.Kind.SQLITE),
    /** More is asked for than there is: the process ends and is started again. */
    OUT_OF_MEMORY(0);

    private final Duration lasting;
    private final Set<Storage.Kind> storages;

    MachineFault(int seconds, Storage.Kind... storages) {
        this.lasting = Duration.ofSeconds(seconds);
        this.storages = storages.length == 0 ? Set.of(Storage.Kind.values()) : Set.of(storages);
    }

    Duration lasting() {
        return lasting;
    }

    boolean existsOn(Storage.Kind storage) {
        return storages.contains(storage);
    }

    /** Whether nothing can be stored meanwhile, so that the server may not say that it is ready. */
    boolean stopsWriting() {
        return switch (this) {
            case DISK_FULL, LOCKED_10S, DATABASE_STOPPED, DATABASE_CUT_OFF -> true;
            case DISK_FULL_ONCE,
                    LOCKED_1S,
                    CHATWOOT_CUT_OFF,
                    CLOCK_HOUR_AHEAD,
                    CLOCK_HOUR_BACK,
                    CLOCK_DAY_AHEAD,
                    CLOCK_DAY_BACK,
                    CLOCK_SET_DAY_AHEAD,
                    CLOCK_SET_DAY_BACK,
                    CLOCK_BACK_IN_LEASE,
                    NO_HANDLES,
                    DISK_SLOW,
                    DISK_STALLS,
                    OUT_OF_MEMORY -> false;
        };
    }

    /** How long a server needs to follow the end of it. */
    Duration aftermath() {
        boolean followed = this == CLOCK_SET_DAY_AHEAD || this == CLOCK_SET_DAY_BACK;
        return followed ? lasting : Duration.ZERO;
    }

    /** How far the server's clock is off. */
    Duration clockShift() {
        return switch (this) {
            case CLOCK_HOUR_AHEAD -> Duration.ofHours(1);
            case CLOCK_HOUR_BACK -> Duration.ofHours(-1);
            case CLOCK_DAY_AHEAD, CLOCK_SET_DAY_AHEAD -> Duration.ofDays(1);
            case CLOCK_DAY_BACK, CLOCK_SET_DAY_BACK -> Duration.ofDays(-1);
            case CLOCK_BACK_IN_LEASE -> Duration.ofSeconds(-150);
            case DISK_FULL_ONCE,
                    DISK_FULL,
                    LOCKED_1S,
                    LOCKED_10S,
                    DATABASE_STOPPED,
                    DATABASE_CUT_OFF,
                    CHATWOOT_CUT_OFF,
                    NO_HANDLES,
                    DISK_SLOW,
                    DISK_STALLS,
                    OUT_OF_MEMORY -> Duration.ZERO;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
