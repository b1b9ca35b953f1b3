package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.almeidatech.wppflow.outbound.Breaker;
import io.github.almeidatech.wppflow.outbound.Gate;
import io.github.almeidatech.wppflow.outbound.RetryAfter;
import io.github.almeidatech.wppflow.outbound.SingleWrite;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way out to a tenant's Chatwoot. Each call passes, in this order: the pause Chatwoot asked for, the gate of
 * concurrent calls, the rate gate, the circuit breaker; then it is written, once. Nothing but reading over a connection
 * that turns out closed is repeated here: whether repeating is right depends on what the call does. Thread-safe; blocks.
 */
final class ChatwootHttp {

    static final int MAX_ANSWER_BYTES = 1 << 20;
    static final Duration COURTESY_LIMIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ChatwootHttp.class);
    private static final Duration LONG_ENOUGH = Duration.ofDays(1);
    private static final Duration REDIRECTED_PAUSE = Duration.ofMinutes(5);
    private static final int MAX_DETAIL = 300;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxDocumentLength(MAX_ANSWER_BYTES)
                    .build())
            .build());

    private final OkHttpClient http;
    private final OkHttpClient readingHttp;
    private final OkHttpClient courtesyHttp;
    private final InstantSource clock;
    private final CallListener listener;
    private final Gate gate;
    private final Breaker breaker;
    private final Throttle throttle;

    ChatwootHttp(ChatwootClient.Builder settings) {
        this.http = SingleWrite.heededBy(settings.http.newBuilder())
                .connectTimeout(settings.connectTimeout)
                .readTimeout(settings.timeLimit)
                .writeTimeout(settings.timeLimit)
                .callTimeout(settings.timeLimit)
                .followRedirects(false)
                .retryOnConnectionFailure(false) // it would write a message twice without telling
                .build();
        // A connection kept open may have been closed by the other side: reading is then simply done again.
        this.readingHttp = http.newBuilder().retryOnConnectionFailure(true).build();
        this.courtesyHttp = http.newBuilder()
                .callTimeout(settings.timeLimit.compareTo(COURTESY_LIMIT) < 0 ? settings.timeLimit : COURTESY_LIMIT)
                .build();
        this.clock = settings.clock;
        this.listener = settings.listener;
        this.gate = new Gate(settings.maxConcurrent, settings.maxPerSecond, Duration.ofSeconds(1));
        this.breaker = new Breaker("Chatwoot at " + settings.baseUrl.host(), settings.breakerDelay);
        this.throttle = new Throttle(clock);
    }

    /** Whether calls are let through: {@code closed}, {@code open} or {@code half_open}. */
    String breakerState() {
        return breaker.state();
    }

    /**
     * Makes the call and reads its JSON.
     *
     * @return a missing node for an answer without a body
     * @throws ChatwootException for everything but a readable answer 2xx
     */
    JsonNode call(ApiCall call) {
        long start = System.nanoTime();
        String outcome = "ok";
        try {
            return guarded(call);
        } catch (ChatwootException e) {
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
            return call.courtesy()
                    ? courtesy(call)
                    : breaker.call(() -> exchange(call), ChatwootHttp::sick, left -> keptBack(call, left));
        } finally {
            gate.leave();
        }
    }

    /** Too impatient to tell whether Chatwoot is well: neither tries the breaker nor counts for it. */
    private JsonNode courtesy(ApiCall call) {
        if (!breaker.isClosed()) {
            throw keptBack(call, breaker.left());
        }
        return exchange(call);
    }

    private static ChatwootException keptBack(ApiCall call, Duration left) {
        return new ChatwootException(ChatwootError.CIRCUIT_OPEN, call.name(), 0, "", null, left);
    }

    private void refuseWhilePaused(ApiCall call) {
        throttle.pause(call.lane()).ifPresent(pause -> {
            throw new ChatwootException(pause.reason(), call.name(), 0, "paused", null, pause.time());
        });
    }

    private void enter(ApiCall call) {
        try {
            if (!gate.enter(patience(call))) {
                throw new ChatwootException(ChatwootError.BUSY, call.name(), null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatwootException(ChatwootError.BUSY, call.name(), e);
        }
    }

    private Duration patience(ApiCall call) {
        if (call.courtesy()) {
            return COURTESY_LIMIT;
        }
        return call.notAfter() == null ? LONG_ENOUGH : Duration.between(clock.instant(), call.notAfter());
    }

    private boolean stale(ApiCall call) {
        boolean late = call.notAfter() != null && !clock.instant().isBefore(call.notAfter());
        return late || call.unwanted().getAsBoolean();
    }

    private static boolean sick(RuntimeException failure) {
        return failure instanceof ChatwootException e && sickness(e.error());
    }

    private static boolean sickness(ChatwootError error) {
        return switch (error) {
            case UNREACHABLE, TIMED_OUT, BROKEN, SERVER_ERROR, UNREADABLE_ANSWER -> true;
            case CIRCUIT_OPEN,
                    BUSY,
                    RATE_LIMITED,
                    UNAUTHORIZED,
                    REDIRECTED,
                    FORBIDDEN,
                    NOT_FOUND,
                    INVALID_REQUEST,
                    ANSWER_TOO_LARGE,
                    NO_TOKEN -> false;
        };
    }

    private JsonNode exchange(ApiCall call) {
        var write = SingleWrite.of(call.method().equals("GET"), () -> stale(call));
        var request = new Request.Builder()
                .url(call.url())
                .method(call.method(), call.body())
                .header("Accept", "application/json");
        if (call.token() != null) {
            request.header("Api-Access-Token", call.token());
        }
        try (Response response =
                clientFor(call).newCall(write.watch(request).build()).execute()) {
            return response.isSuccessful() ? success(call, response) : failure(call, response);
        } catch (IOException e) {
            throw failed(call, write, e);
        }
    }

    private OkHttpClient clientFor(ApiCall call) {
        if (call.courtesy()) {
            return courtesyHttp;
        }
        return call.method().equals("GET") ? readingHttp : http;
    }

    private ChatwootException failed(ApiCall call, SingleWrite write, IOException e) {
        if (!write.begun()) {
            return new ChatwootException(stale(call) ? ChatwootError.BUSY : ChatwootError.UNREACHABLE, call.name(), e);
        }
        boolean slow = e instanceof InterruptedIOException;
        return new ChatwootException(slow ? ChatwootError.TIMED_OUT : ChatwootError.BROKEN, call.name(), e);
    }

    private JsonNode success(ApiCall call, Response response) throws IOException {
        byte[] body = read(response.body());
        if (body.length > MAX_ANSWER_BYTES) {
            throw unusable(ChatwootError.ANSWER_TOO_LARGE, call, response);
        }
        throttle.answered(call.lane());
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw unusable(
                    ChatwootError.UNREADABLE_ANSWER, call, response); // without the cause: its message quotes the text
        }
    }

    private static ChatwootException unusable(ChatwootError why, ApiCall call, Response response) {
        return new ChatwootException(why, call.name(), response.code(), "", null, null);
    }

    private JsonNode failure(ApiCall call, Response response) {
        int status = response.code();
        String detail = detail(response);
        Optional<Duration> asked = RetryAfter.read(response.header("Retry-After"), clock.instant());
        ChatwootError error = errorOf(status, detail);
        Duration wait = asked.orElse(null);
        if (error == ChatwootError.RATE_LIMITED && status == 429) {
            wait = throttle.limited(call.lane(), asked);
        } else if (error == ChatwootError.RATE_LIMITED) {
            wait = Duration.ofMinutes(1);
        } else if (error == ChatwootError.REDIRECTED) {
            wait = REDIRECTED_PAUSE;
        } else if (error == ChatwootError.UNAUTHORIZED) {
            wait = Duration.ofMinutes(1);
            if (isTokenItself(detail) && throttle.refused(call.lane())) {
                LOG.error(
                        "Chatwoot at {} refuses the {} token again and again: it has to be replaced",
                        call.url().host(),
                        call.lane().name().toLowerCase(Locale.ROOT));
            }
        }
        throw new ChatwootException(error, call.name(), status, detail, null, wait);
    }

    /** A missing right concerns one call, a wrong token all of them. */
    private static boolean isTokenItself(String detail) {
        return !detail.contains("not authorized");
    }

    private static ChatwootError errorOf(int status, String detail) {
        if (status >= 500 || status == 408) {
            return ChatwootError.SERVER_ERROR;
        }
        if (status < 400) {
            return ChatwootError.REDIRECTED;
        }
        return switch (status) {
            case 401 -> ChatwootError.UNAUTHORIZED;
            case 403 -> ChatwootError.FORBIDDEN;
            case 404 -> ChatwootError.NOT_FOUND;
            case 429 -> ChatwootError.RATE_LIMITED;
            // Chatwoot's limit of messages per minute and conversation comes as a 422.
            case 422 ->
                detail.contains("Too many messages") ? ChatwootError.RATE_LIMITED : ChatwootError.INVALID_REQUEST;
            default -> ChatwootError.INVALID_REQUEST;
        };
    }

    /** Chatwoot's words, from {@code error}, {@code errors} or {@code message}, or the text itself. */
    private static String detail(Response response) {
        byte[] body;
        try {
            body = read(response.body());
        } catch (IOException e) {
            return ""; // the status is known and decides
        }
        if (body.length > MAX_ANSWER_BYTES) {
            return "";
        }
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            JsonNode json = JSON.readTree(body);
            for (String key : new String[] {"error", "errors", "message"}) {
                JsonNode value = json.path(key);
                if (!value.isMissingNode() && !value.isNull()) {
                    text = value.isTextual() ? value.asText() : value.toString();
                    break;
                }
            }
        } catch (IOException e) {
            // Not JSON: Chatwoot answers plain text and HTML as well.
        }
        return text.length() > MAX_DETAIL ? text.substring(0, MAX_DETAIL) : text;
    }

    /** At most one byte more than is allowed. */
    private static byte[] read(ResponseBody body) throws IOException {
        long length = body.contentLength();
        return length >= 0 && length <= MAX_ANSWER_BYTES
                ? body.bytes()
                : body.byteStream().readNBytes(MAX_ANSWER_BYTES + 1);
    }
}
