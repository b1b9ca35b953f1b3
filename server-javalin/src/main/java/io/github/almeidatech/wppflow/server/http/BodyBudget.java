package io.github.almeidatech.wppflow.server.http;

import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * How many bytes of request bodies may be in memory at once. A body for which there is no room is refused with 429 before
 * it is read; nobody waits. Thread-safe.
 */
final class BodyBudget {

    private static final int KIB = 1_024;

    private final Semaphore room;

    BodyBudget(int kibibytes) {
        this.room = new Semaphore(kibibytes);
    }

    /** One request's share; given back when the request has ended. Used by one thread. */
    final class Share implements AutoCloseable {

        private int taken;

        /** @throws ApiException 429 when there is no room */
        void take(long bytes) {
            int more = Math.toIntExact(bytes / KIB + 1);
            if (!room.tryAcquire(more)) {
                throw new ApiException(ApiError.ERR_RATE_LIMITED, Map.of("problem", "overloaded"));
            }
            taken += more;
        }

        @Override
        public void close() {
            room.release(taken);
            taken = 0;
        }
    }
}
