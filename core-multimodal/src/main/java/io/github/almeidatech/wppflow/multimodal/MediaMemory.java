package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.TenantId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the same content read once: what is known is not read again, and whoever wants what is just being read waits for it.
 * Thread-safe.
 */
final class MediaMemory {

    private static final Logger log = LoggerFactory.getLogger(MediaMemory.class);

    /** Reads a file. */
    @FunctionalInterface
    interface Reading {
        Result read() throws MediaUnavailableException;
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
            var mine = new FutureTask<>(() -> readFirst(key, reading));
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

    /** How much time there is; throws when it is over. */
    @FunctionalInterface
    interface TimeLeft {
        Duration get() throws MediaUnavailableException;
    }

    private MediaText readFirst(Key key, Reading reading) throws MediaUnavailableException {
        Optional<MediaText> known = find(key);
        if (known.isPresent()) {
            return known.get();
        }
        Result result = reading.read();
        if (result.lasting()) {
            save(key, result.text());
        }
        return result.text();
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

    private static String hash(MediaFile file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file.bytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
