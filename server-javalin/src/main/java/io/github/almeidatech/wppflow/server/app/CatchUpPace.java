package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.chatwoot.CatchUpReport;
import io.github.almeidatech.wppflow.chatwoot.ChatwootError;
import java.time.Duration;

/**
 * When the next run of catching up is due. One that broke off is gone on with soon: at once when its calls were used up, after
 * what Chatwoot asked for, and otherwise after a second, doubled while nothing gets read. Not thread-safe; one for each tenant.
 */
final class CatchUpPace {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_DOUBLING = 10;

    private final Duration every;
    private int stops;

    /** @param every from one complete walk to the next, and the longest of the pauses that grow */
    CatchUpPace(Duration every) {
        this.every = every;
    }

    /** How long to wait after this run, which is to be told of only once. */
    Duration after(CatchUpReport report) {
        boolean gotAhead = report.complete() || report.read() > report.failed();
        stops = gotAhead ? 0 : stops + 1;
        if (report.complete() || !goesOn(report)) {
            return every;
        }
        if (report.stoppedBy().isEmpty() && report.failed() == 0) {
            return Duration.ZERO;
        }
        Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(Math.max(stops - 1, 0), LONGEST_DOUBLING));
        Duration pause = grown.compareTo(every) < 0 ? grown : every;
        return report.pause().filter(asked -> asked.compareTo(pause) > 0).orElse(pause);
    }

    /** Whether trying again soon may help. */
    static boolean goesOn(CatchUpReport report) {
        return report.stoppedBy().map(ChatwootError::retryable).orElse(true);
    }
}
