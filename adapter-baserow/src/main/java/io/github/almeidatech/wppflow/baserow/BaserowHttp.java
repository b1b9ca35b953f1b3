package io.github.almeidatech.wppflow.baserow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.almeidatech.wppflow.outbound.Breaker;
import io.github.almeidatech.wppflow.outbound.Gate;
import io.github.almeidatech.wppflow.outbound.RetryAfter;
import io.github.almeidatech.wppflow.outbound.SingleWrite;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way out to a Baserow. Each call passes, in this order: the pause Baserow asked for, the gate of concurrent calls,
 * the rate gate, the circuit breaker; then it is written. Only what can be done twice without harm (reading, changing and
 * deleting a row) is repeated, once, when the kept connection turns out closed. Thread-safe; blocks.
 */
final class BaserowHttp {

    private static final Logger LOG = LoggerFactory.getLogger(BaserowHttp.class);
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration LONG_ENOUGH = Duration.ofDays(1);
    private static final Duration REPAIR_PAUSE = Duration.ofMinutes(1);
    private static final int MAX_DETAIL = 300;

    private final OkHttpClient http;
    private final OkHttpClient repeatingHttp;
    private final OkHttpClient batchHttp;
    private final Supplier<String> token;
    private final String host;
    private final int maxAnswerBytes;
    private final InstantSource clock;
    private final CallListener listener;
    private final Gate gate;
    private final Breaker breaker;
    private final Throttle throttle;

    BaserowHttp(BaserowClient.Builder settings) {
        this.http = SingleWrite.heededBy(settings.http.newBuilder())
                .connectTimeout(settings.connectTimeout)
                .readTimeout(settings.batchTimeLimit)
                .writeTimeout(settings.batchTimeLimit)
                .callTimeout(settings.timeLimit)
                .followRedirects(false)
                .retryOnConnectionFailure(false) // it would create a row twice without telling
                .build();
        this.repeatingHttp = http.newBuilder().retryOnConnectionFailure(true).build();
        this.batchHttp = http.newBuilder().callTimeout(settings.batchTimeLimit).build();
        this.token = settings.token;
        this.host = settings.baseUrl.host();
        this.maxAnswerBytes = settings.maxAnswerBytes;
        this.clock = settings.clock;
        this.listener = settings.listener;
        this.gate = new Gate(settings.maxConcurrent, settings.maxPerSecond, Duration.ofSeconds(1));
        this.breaker = new Breaker("Baserow at " + host, settings.breakerDelay);
        this.throttle = new Throttle(clock);
    }

    private static boolean repeatable(ApiCall call) {
        return !call.method().equals("POST");
    }

    /** Whether calls are let through: {@code closed}, {@code open} or {@code half_open}. */
    String breakerState() {
        return breaker.state();
    }

    /**
     * Makes the call and reads its JSON.
     *
     * @return a missing node for an answer without a body
     * @throws BaserowException for everything but a readable answer 2xx
     */
    JsonNode call(ApiCall call) {
        long start = System.nanoTime();
        String outcome = "ok";
        try {
            return guarded(call);
        } catch (BaserowException e) {
            outcome = e.error().word();
            throw e;
        } finally {
            listener.called(call.name(), Duration.ofNanos(System.nanoTime() - start), outcome);
        }
    }

    private JsonNode guarded(ApiCall call) {
        refuseWhilePaused(call);
        enter(call);
        try {
            refuseWhilePaused(call); // another call may have been told to wait meanwhile
            return breaker.call(() -> exchange(call), BaserowHttp::sick, left -> keptBack(call, left));
        } finally {
            gate.leave();
        }
    }

    private static boolean sick(RuntimeException failure) {
        return failure instanceof BaserowException e && e.error().sickness();
    }

    private static BaserowException keptBack(ApiCall call, Duration left) {
        return new BaserowException(BaserowError.CIRCUIT_OPEN, call.name(), 0, "", null, left);
    }

    private void refuseWhilePaused(ApiCall call) {
        throttle.pause().ifPresent(pause -> {
            throw new BaserowException(pause.reason(), call.name(), 0, "paused", null, pause.time());
        });
    }

    private void enter(ApiCall call) {
        try {
            if (!gate.enter(patience(call))) {
                throw new BaserowException(BaserowError.BUSY, call.name(), null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BaserowException(BaserowError.BUSY, call.name(), e);
        }
    }

    private Duration patience(ApiCall call) {
        return call.notAfter() == null ? LONG_ENOUGH : Duration.between(clock.instant(), call.notAfter());
    }

    private boolean late(ApiCall call) {
        return call.notAfter() != null && !clock.instant().isBefore(call.notAfter());
    }

    private JsonNode exchange(ApiCall call) {
        var write = SingleWrite.of(repeatable(call), () -> late(call));
        RequestBody body =
                call.body() == null ? null : RequestBody.create(call.body().toString(), JSON);
        var request = new Request.Builder()
                .url(call.url())
                .method(call.method(), body)
                .header("Accept", "application/json")
                .header("Authorization", "Token " + token.get());
        try (Response response =
                clientFor(call).newCall(write.watch(request).build()).execute()) {
            return response.isSuccessful() ? success(call, response) : failure(call, response);
        } catch (IOException e) {
            throw failed(call, write, e);
        }
    }

    private OkHttpClient clientFor(ApiCall call) {
        if (call.batch()) {
            return batchHttp;
        }
        return repeatable(call) ? repeatingHttp : http;
    }

    private BaserowException failed(ApiCall call, SingleWrite write, IOException e) {
        if (!write.begun()) {
            return new BaserowException(late(call) ? BaserowError.BUSY : BaserowError.UNREACHABLE, call.name(), e);
        }
        boolean slow = e instanceof InterruptedIOException;
        return new BaserowException(slow ? BaserowError.TIMED_OUT : BaserowError.BROKEN, call.name(), e);
    }

    private JsonNode success(ApiCall call, Response response) throws IOException {
        byte[] body = read(response);
        if (body.length > maxAnswerBytes) {
            throw new BaserowException(BaserowError.TOO_LARGE, call.name(), response.code(), "", null, null);
        }
        throttle.answered();
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return PlainJson.read(body);
        } catch (JsonProcessingException e) { // without the cause: its message quotes the text
            throw new BaserowException(BaserowError.UNREADABLE_ANSWER, call.name(), response.code(), "", null, null);
        }
    }

    private byte[] read(Response response) throws IOException {
        return response.body().byteStream().readNBytes(maxAnswerBytes + 1);
    }

    /** What Baserow says went wrong: a code, and words or an object. Both may be missing, as in a proxy's page. */
    private record Refusal(String code, String detail) {}

    private JsonNode failure(ApiCall call, Response response) {
        int status = response.code();
        Refusal refusal = refusal(response);
        Optional<Duration> asked = RetryAfter.read(response.header("Retry-After"), clock.instant());
        BaserowError error = errorOf(status, refusal.code());
        Duration wait = asked.orElse(null);
        if (error == BaserowError.RATE_LIMITED) {
            wait = throttle.limited(asked);
        } else if (error == BaserowError.REDIRECTED) {
            wait = REPAIR_PAUSE;
        } else if (error == BaserowError.UNAUTHORIZED) {
            wait = REPAIR_PAUSE;
            if (throttle.refused()) {
                LOG.error("Baserow at {} refuses the token again and again: it has to be replaced", host);
            }
        }
        String words = refusal.code().isEmpty() ? refusal.detail() : refusal.code() + ": " + refusal.detail();
        throw new BaserowException(error, call.name(), status, brief(words), null, wait);
    }

    private static BaserowError errorOf(int status, String code) {
        if (status >= 500 || status == 408) {
            return BaserowError.SERVER_ERROR;
        }
        if (status < 400) {
            return BaserowError.REDIRECTED;
        }
        return switch (code) {
            case "ERROR_NO_PERMISSION_TO_TABLE" -> BaserowError.FORBIDDEN;
            case "ERROR_ROW_DOES_NOT_EXIST" -> BaserowError.ROW_NOT_FOUND;
            case "ERROR_FIELD_DATA_CONSTRAINT" -> BaserowError.NOT_UNIQUE;
            case "ERROR_FILTER_FIELD_NOT_FOUND",
                    "ERROR_ORDER_BY_FIELD_NOT_FOUND",
                    "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD" -> BaserowError.COLUMNS_CHANGED;
            default ->
                switch (status) {
                    case 401 -> BaserowError.UNAUTHORIZED;
                    // With a bad token the check of tokens answers 403; 402 is a licence.
                    case 402, 403 -> BaserowError.FORBIDDEN;
                    case 404 -> BaserowError.TABLE_NOT_FOUND;
                    case 409 -> BaserowError.CONFLICT;
                    case 429 -> BaserowError.RATE_LIMITED;
                    default -> BaserowError.INVALID_REQUEST;
                };
        };
    }

    private Refusal refusal(Response response) {
        try {
            byte[] body = read(response);
            JsonNode json = body.length > maxAnswerBytes ? MissingNode.getInstance() : PlainJson.read(body);
            JsonNode detail = json.path("detail");
            return new Refusal(json.path("error").asText(""), detail.isTextual() ? detail.asText() : nothingOr(detail));
        } catch (IOException e) {
            return new Refusal("", ""); // no JSON, or cut off: the status is known and decides
        }
    }

    private static String nothingOr(JsonNode detail) {
        return detail.isMissingNode() || detail.isNull() ? "" : detail.toString();
    }

    private static String brief(@Nullable String text) {
        String words = text == null ? "" : text;
        return words.length() > MAX_DETAIL ? words.substring(0, MAX_DETAIL) : words;
    }
}
