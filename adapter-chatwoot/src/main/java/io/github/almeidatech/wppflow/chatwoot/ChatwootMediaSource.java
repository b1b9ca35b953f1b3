package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaSource;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Fetches attachments from where Chatwoot keeps them. Chatwoot answers a redirect to its storage, and may answer 404 for a
 * while because the file is still being stored: that is tried again after 1, 2, 5 and 10 seconds, from the first address
 * on, within the time limit.
 *
 * <p>Addresses come from outside, so only a tenant's own origins are fetched from, and every hop is judged anew: strict
 * spelling, permitted origin, no step from https to http, at most five. The address is checked when it is looked up and
 * again on the very socket. No token, cookie or other credential is ever sent. Bytes and time are limited while reading.
 *
 * <p>Thread-safe; blocks. At most 64 fetches at once, 8 for each tenant.
 */
public final class ChatwootMediaSource implements MediaSource {

    /** How waiting is done; a test's does not wait. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_AT_ONCE = 64;
    private static final int MAX_OF_TENANT = 8;
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10));

    private final OkHttpClient http;
    private final Function<TenantId, Optional<FetchPolicy>> policies;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final Dns names;
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);
    private final Map<TenantId, Lane> lanes = new ConcurrentHashMap<>();

    /**
     * @param http shared: its threads are used, its connections, cookies, proxies and interceptors are not
     * @param policies where a tenant's files may be fetched from; empty for nowhere
     */
    public ChatwootMediaSource(OkHttpClient http, Function<TenantId, Optional<FetchPolicy>> policies) {
        this(http, policies, InstantSource.system(), time -> Thread.sleep(time.toMillis()), Dns.SYSTEM);
    }

    ChatwootMediaSource(
            OkHttpClient http,
            Function<TenantId, Optional<FetchPolicy>> policies,
            InstantSource clock,
            Sleeper sleeper,
            Dns names) {
        this.http = http;
        this.policies = policies;
        this.clock = clock;
        this.sleeper = sleeper;
        this.names = names;
    }

    /** A tenant's own client and places; connections are never shared between policies. */
    private record Lane(FetchPolicy policy, OkHttpClient http, Semaphore places) {}

    @Override
    public byte[] fetch(TenantId tenant, Attachment attachment, long maxBytes, Duration timeLimit)
            throws MediaUnavailableException {
        String url = attachment.url();
        FetchPolicy policy = policies.apply(tenant).orElse(null);
        if (url == null) {
            throw new MediaUnavailableException(Reason.NOT_FOUND, null);
        }
        if (policy == null) {
            throw new MediaUnavailableException(Reason.FORBIDDEN_ADDRESS, null);
        }
        Lane lane = lanes.compute(
                tenant, (id, known) -> known != null && known.policy().equals(policy) ? known : lane(policy));
        Instant deadline = clock.instant().plus(timeLimit);
        try {
            if (!lane.places().tryAcquire(timeLimit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new MediaUnavailableException(Reason.TIMED_OUT, null);
            }
            try {
                if (!places.tryAcquire(left(deadline).toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new MediaUnavailableException(Reason.TIMED_OUT, null);
                }
                try {
                    return withPatience(lane, url, maxBytes, deadline);
                } finally {
                    places.release();
                }
            } finally {
                lane.places().release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MediaUnavailableException(Reason.TIMED_OUT, e);
        }
    }

    private byte[] withPatience(Lane lane, String url, long maxBytes, Instant deadline)
            throws MediaUnavailableException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                return follow(lane, url, maxBytes, deadline);
            } catch (NotThereYetException e) {
                boolean over = attempt == PAUSES.size() || left(deadline).compareTo(PAUSES.get(attempt)) <= 0;
                if (over) {
                    throw new MediaUnavailableException(e.reason, null);
                }
                sleeper.sleep(PAUSES.get(attempt));
            }
        }
    }

    /** It may be there a little later. */
    private static final class NotThereYetException extends Exception {

        private static final long serialVersionUID = 1L;
        private final Reason reason;

        NotThereYetException(Reason reason) {
            super(reason.word());
            this.reason = reason;
        }
    }

    private byte[] follow(Lane lane, String first, long maxBytes, Instant deadline)
            throws MediaUnavailableException, NotThereYetException {
        HttpUrl url = permitted(lane, Origin.readUrl(first));
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            Duration left = left(deadline);
            if (left.isNegative() || left.isZero()) {
                throw new MediaUnavailableException(Reason.TIMED_OUT, null);
            }
            OkHttpClient client = lane.http().newBuilder().callTimeout(left).build();
            // Compressed content would have to be limited twice: bytes are wanted as they are.
            Request request = new Request.Builder()
                    .url(url)
                    .header("Accept-Encoding", "identity")
                    .build();
            try (Response response = client.newCall(request).execute()) {
                if (!response.isRedirect()) {
                    return content(response, hop, maxBytes);
                }
                url = permitted(lane, target(url, response.header("Location")));
            } catch (IOException e) {
                throw translated(e);
            }
        }
        throw new MediaUnavailableException(Reason.FORBIDDEN_ADDRESS, null);
    }

    /** Where a redirect leads to, if it may: not from https to http, and spelled strictly. */
    static Optional<HttpUrl> target(HttpUrl from, @Nullable String location) {
        if (location == null) {
            return Optional.empty();
        }
        // An absolute target has to pass the strict reading as it was written, not only as it was understood.
        Optional<HttpUrl> to = ABSOLUTE.matcher(location).matches()
                ? Origin.readUrl(location)
                : Optional.ofNullable(from.resolve(location));
        return to.filter(url -> url.isHttps() || !from.isHttps());
    }

    private static HttpUrl permitted(Lane lane, Optional<HttpUrl> url) throws MediaUnavailableException {
        return url.filter(lane.policy()::permits)
                .orElseThrow(() -> new MediaUnavailableException(Reason.FORBIDDEN_ADDRESS, null));
    }

    private static byte[] content(Response response, int hop, long maxBytes)
            throws IOException, MediaUnavailableException, NotThereYetException {
        int status = response.code();
        if (!response.isSuccessful()) {
            // Storages answer 403 for what is not there, and for a link that is a little old.
            boolean missing = status == 404 || (status == 403 && hop > 0);
            if (missing || status == 408 || status == 425 || status == 429 || status >= 500) {
                throw new NotThereYetException(missing ? Reason.NOT_FOUND : Reason.UNREACHABLE);
            }
            throw new MediaUnavailableException(Reason.NOT_FOUND, null);
        }
        if (response.body().contentLength() > maxBytes) {
            throw new MediaUnavailableException(Reason.TOO_LARGE, null);
        }
        try (InputStream in = response.body().byteStream()) {
            byte[] bytes = in.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 8));
            if (bytes.length > maxBytes) {
                throw new MediaUnavailableException(Reason.TOO_LARGE, null);
            }
            return bytes;
        }
    }

    private static MediaUnavailableException translated(IOException e) throws NotThereYetException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ForbiddenAddressException) {
                return new MediaUnavailableException(Reason.FORBIDDEN_ADDRESS, null);
            }
        }
        if (e instanceof InterruptedIOException) {
            return new MediaUnavailableException(Reason.TIMED_OUT, null);
        }
        throw new NotThereYetException(Reason.UNREACHABLE);
    }

    private Lane lane(FetchPolicy policy) {
        OkHttpClient guarded = GuardedHttp.of(http, policy.addresses(), names);
        return new Lane(policy, guarded, new Semaphore(MAX_OF_TENANT));
    }

    private Duration left(Instant deadline) {
        return Duration.between(clock.instant(), deadline);
    }
}
