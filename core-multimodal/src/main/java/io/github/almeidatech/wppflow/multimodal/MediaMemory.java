package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.Serial;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the same content read once: what is known is not read again, and whoever wants what is just being read waits for it, in
 * this process or in another one. A reader that dies is waited for as long as one file may take.
 * Thread-safe.
 */
final class MediaMemory {

    private static final Logger log = LoggerFactory.getLogger(MediaMemory.class);

    /** How long a reader waits before it looks again whether another has read the file. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** Reads a file. */
    @FunctionalInterface
    interface Reading {
        /**
         * Reads the file.
         *
         * @param step to be asked right before each part of the reading: it holds on to the claim for as long as the part
         *     may take. What it throws when another reader has the file by now is to be let through
         */
        Result read(TimeLeft step) throws MediaUnavailableException;
    }

    /** Another reader has the file by now. */
    private static final class ClaimLostException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        ClaimLostException() {
            super(null, null, false, false);
        }
    }

    /**
     * What came of a reading.
     *
     * @param lasting whether reading it again would show no more
     */
    record Result(MediaText text, boolean lasting) {}

    private record Key(TenantId tenant, String hash) {}

    private final MediaTextStore store;
    private final InstantSource clock;
    private final Map<Key, FutureTask<MediaText>> underway = new ConcurrentHashMap<>();

    MediaMemory(MediaTextStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** @throws MediaUnavailableException what the reading threw, or when another one takes longer than there is time */
    MediaText read(TenantId tenant, MediaFile file, TimeLeft timeLeft, Reading reading)
            throws MediaUnavailableException {
        var key = new Key(tenant, hash(file));
        while (true) {
            var mine = new FutureTask<>(() -> readOnce(key, timeLeft, reading));
            FutureTask<MediaText> other = underway.putIfAbsent(key, mine);
            if (other == null) {
                try {
                    mine.run();
                } finally {
                    underway.remove(key, mine);
                }
                return result(mine, timeLeft);
            }
            try {
                return result(other, timeLeft);
            } catch (MediaUnavailableException e) {
                if (!other.isDone() || !isTheReadersOwn(e.reason())) {
                    throw e;
                }
                underway.remove(key, other); // its time or its money was used up; there may be more of ours
            }
        }
    }

    /** Reads a part of a file. */
    @FunctionalInterface
    interface PartReading {
        MediaText read() throws MediaUnavailableException;
    }

    /**
     * A part of the file that is just being read, remembered by itself: when another part fails, it is not paid for again.
     * The claim of the whole file keeps others away from it.
     */
    MediaText part(TenantId tenant, MediaFile part, PartReading reading) throws MediaUnavailableException {
        var key = new Key(tenant, hash(part));
        Optional<MediaText> known = find(key);
        if (known.isPresent()) {
            return known.get();
        }
        MediaText text = reading.read();
        save(key, text);
        return text;
    }

    /** How much time there is; throws when it is over. */
    @FunctionalInterface
    interface TimeLeft {
        Duration get() throws MediaUnavailableException;
    }

    /** Other processes may want it as well: it is read by the one that has the claim, and waited for by the others. */
    private MediaText readOnce(Key key, TimeLeft timeLeft, Reading reading) throws MediaUnavailableException {
        String reader = UUID.randomUUID().toString();
        while (true) {
            Optional<MediaText> known = find(key);
            if (known.isPresent()) {
                return known.get();
            }
            if (!claim(key, reader, timeLeft.get())) {
                await(timeLeft.get());
                continue;
            }
            try {
                return readClaimed(key, reader, timeLeft, reading);
            } catch (ClaimLostException e) {
                log.debug(
                        "a file of {} took so long that another instance reads it: its text is waited for",
                        key.tenant());
            }
        }
    }

    private MediaText readClaimed(Key key, String reader, TimeLeft timeLeft, Reading reading)
            throws MediaUnavailableException {
        try {
            Optional<MediaText> known = find(key); // saved after we had looked, and before we had the claim
            if (known.isPresent()) {
                return known.get();
            }
            Result result = reading.read(() -> hold(key, reader, timeLeft.get()));
            if (result.lasting()) {
                save(key, result.text());
            }
            return result.text();
        } finally {
            release(key, reader);
        }
    }

    private Duration hold(Key key, String reader, Duration time) {
        if (!claim(key, reader, time)) {
            throw new ClaimLostException();
        }
        return time;
    }

    private static void await(Duration timeLeft) throws MediaUnavailableException {
        try {
            Thread.sleep(Math.min(LOOK_AGAIN.toMillis(), Math.max(1, timeLeft.toMillis())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, e);
        }
    }

    /** Without the store the file is read: that may cost money, and nobody waits for nothing. */
    private boolean claim(Key key, String reader, Duration lease) {
        Instant now = clock.instant();
        try {
            return store.claim(key.tenant(), key.hash(), reader, now, now.plus(lease));
        } catch (FlowException e) {
            log.warn("a file of {} cannot be claimed: another instance may read it too", key.tenant(), e);
            return true;
        }
    }

    private void release(Key key, String reader) {
        try {
            store.release(key.tenant(), key.hash(), reader);
        } catch (FlowException e) {
            log.warn("the claim of a file of {} is held until its time is over", key.tenant(), e);
        }
    }

    private static MediaText result(FutureTask<MediaText> reading, TimeLeft timeLeft) throws MediaUnavailableException {
        try {
            return reading.isDone() ? reading.get() : reading.get(timeLeft.get().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            timeLeft.get();
            throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MediaUnavailableException unavailable) {
                throw new MediaUnavailableException(unavailable.reason(), e);
            }
            throw new IllegalStateException("a defect in reading media", e.getCause());
        }
    }

    private static boolean isTheReadersOwn(MediaText.Reason reason) {
        return reason == MediaText.Reason.TIMED_OUT || reason == MediaText.Reason.OVER_BUDGET;
    }

    private Optional<MediaText> find(Key key) {
        try {
            return store.find(key.tenant(), key.hash());
        } catch (FlowException e) {
            log.warn("what was read of a file of {} cannot be looked up: it is read again", key.tenant(), e);
            return Optional.empty();
        }
    }

    private void save(Key key, MediaText text) {
        try {
            store.save(key.tenant(), key.hash(), text, clock.instant());
        } catch (FlowException e) {
            log.warn("what was read of a file of {} is not remembered", key.tenant(), e);
        }
    }

    long forget(TenantId tenant) {
        return store.forget(tenant);
    }

    static String hash(MediaFile file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file.bytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
