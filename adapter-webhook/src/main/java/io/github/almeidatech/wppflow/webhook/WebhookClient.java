package io.github.almeidatech.wppflow.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.outbound.RetryAfter;
import io.github.almeidatech.wppflow.outbound.SingleWrite;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Posts signed JSON to a webhook, once: no repetition, no redirect, no cookie, and no more than a megabyte of answer.
 * Thread-safe; blocks up to the target's time limit.
 */
public final class WebhookClient {

    /** What is called, under which id: the same each time the same call is repeated. */
    public static final String DELIVERY_HEADER = "X-Wppflow-Delivery";

    /** The event, turn or policy that led to the call. */
    public static final String CAUSE_HEADER = "X-Wppflow-Cause";

    /** How many rules lie between the call and the customer's message. */
    public static final String DEPTH_HEADER = "X-Wppflow-Depth";

    /** {@link WebhookTarget#token()}. */
    public static final String TOKEN_HEADER = "X-Wppflow-Token";

    private static final MediaType JSON = MediaType.get("application/json");
    private static final int MAX_ANSWER = 1 << 20;
    private static final int MAX_DEPTH = 64;

    static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build());

    private final Function<WebhookTarget, OkHttpClient> http;
    private final Predicate<Throwable> forbidden;
    private final InstantSource clock;
    private final WebhookListener listener;

    /**
     * @param http the client for a target, made once for it or for many. It decides which addresses may be reached: hand in
     *     one whose resolver and sockets refuse those that may not
     * @param forbidden whether a failure of such a client means such a refusal
     */
    public WebhookClient(
            Function<WebhookTarget, OkHttpClient> http,
            Predicate<Throwable> forbidden,
            InstantSource clock,
            WebhookListener listener) {
        this.http = http;
        this.forbidden = forbidden;
        this.clock = clock;
        this.listener = listener;
    }

    /** What is posted. */
    record Call(String id, String causeId, int depth, Map<String, Object> body) {}

    /** What came back; {@code pause} is how long to wait, when the other side said so. */
    record Answer(int status, byte[] body, @Nullable Duration pause) {

        /** The body as plain data, when it is JSON. */
        Optional<Object> json() {
            try {
                return Optional.ofNullable(MAPPER.readValue(body, Object.class));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        boolean isEmpty() {
            return new String(body, StandardCharsets.UTF_8).isBlank();
        }
    }

    /** Why there is no answer. */
    enum Trouble {
        /** The address may not be reached: certainly nothing was sent. */
        FORBIDDEN,
        /** No connection: certainly nothing was sent. */
        UNREACHABLE,
        /** The time was over: it may have been done. */
        TIME_LIMIT,
        /** The connection broke, or the answer is too large: it may have been done. */
        BROKEN
    }

    /** There is no answer. */
    static final class NoAnswerException extends Exception {

        private static final long serialVersionUID = 1L;
        private final Trouble trouble;

        NoAnswerException(Trouble trouble, @Nullable Throwable cause) {
            super(trouble.name(), cause);
            this.trouble = trouble;
        }

        Trouble trouble() {
            return trouble;
        }
    }

    Answer post(WebhookTarget target, Call call) throws NoAnswerException {
        long begin = System.nanoTime();
        String outcome = "failed";
        var write = SingleWrite.once();
        OkHttpClient client = SingleWrite.heededBy(http.apply(target).newBuilder())
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .readTimeout(Duration.ZERO) // the call's own limit counts
                .callTimeout(target.timeLimit())
                .build();
        try (Response response =
                client.newCall(write.watch(request(target, call)).build()).execute()) {
            byte[] body = response.body().byteStream().readNBytes(MAX_ANSWER + 1);
            if (body.length > MAX_ANSWER) {
                throw new NoAnswerException(Trouble.BROKEN, null);
            }
            outcome = outcome(response.code());
            Duration pause = RetryAfter.read(response.header("Retry-After"), clock.instant())
                    .orElse(null);
            return new Answer(response.code(), body, pause);
        } catch (IOException e) {
            throw new NoAnswerException(trouble(e, write.begun()), e);
        } finally {
            listener.called(target.name(), Duration.ofNanos(System.nanoTime() - begin), outcome);
        }
    }

    private Request.Builder request(WebhookTarget target, Call call) {
        byte[] body = bytes(call.body());
        var request = new Request.Builder()
                .url(HttpUrl.get(target.url()))
                .post(RequestBody.create(body, JSON))
                .header("Accept", "application/json")
                .header("User-Agent", "wpp-flow-core")
                .header(
                        "Connection",
                        "close") // n8n closes idle ones after 5 s, perhaps just when one would be used again
                .header(DELIVERY_HEADER, call.id())
                .header(CAUSE_HEADER, call.causeId())
                .header(DEPTH_HEADER, String.valueOf(call.depth()));
        if (target.secret() != null) {
            var signature = WebhookSignature.of(target.secret(), clock.instant(), body);
            request.header(WebhookSignature.TIMESTAMP_HEADER, signature.timestamp())
                    .header(WebhookSignature.SIGNATURE_HEADER, signature.signature());
        }
        if (target.token() != null) {
            request.header(TOKEN_HEADER, target.token());
        }
        return request;
    }

    private static byte[] bytes(Map<String, Object> body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("plain data wanted", e);
        }
    }

    private Trouble trouble(IOException failure, boolean begun) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (forbidden.test(cause)) {
                return Trouble.FORBIDDEN;
            }
        }
        if (!begun) {
            return Trouble.UNREACHABLE;
        }
        return failure instanceof InterruptedIOException ? Trouble.TIME_LIMIT : Trouble.BROKEN;
    }

    private static String outcome(int status) {
        if (status >= 500) {
            return "server_error";
        }
        if (status >= 400) {
            return "client_error";
        }
        return status >= 300 ? "redirect" : "ok";
    }
}
