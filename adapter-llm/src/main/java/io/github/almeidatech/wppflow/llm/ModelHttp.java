package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.almeidatech.wppflow.outbound.RetryAfter;
import io.github.almeidatech.wppflow.outbound.SingleWrite;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Sends one request and reads its answer, within a time and a size. Repeats nothing, follows no redirect. Thread-safe. */
final class ModelHttp {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(64)
                    .maxNameLength(256)
                    .build())
            .build());

    private final OkHttpClient http;
    private final Provider provider;
    private final InstantSource clock;

    ModelHttp(OkHttpClient http, Provider provider, InstantSource clock) {
        this.http = SingleWrite.heededBy(http.newBuilder())
                .connectTimeout(CONNECT_LIMIT)
                .readTimeout(Duration.ZERO) // the whole call has a limit
                .writeTimeout(Duration.ZERO)
                .followRedirects(false) // a key goes to the host it is for
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .build();
        this.provider = provider;
        this.clock = clock;
    }

    /**
     * The answer's JSON.
     *
     * @throws LlmException for everything but a whole answer 2xx that is JSON and no error
     */
    JsonNode send(Ability ability, Request.Builder request, int maxAnswerBytes, Duration timeLimit) {
        var write = SingleWrite.once();
        var timed = http.newBuilder().callTimeout(timeLimit).build(); // shares everything else
        var call = timed.newCall(
                write.watch(request.header("Accept", "application/json")).build());
        try (Response response = call.execute()) {
            byte[] body = response.body().byteStream().readNBytes(maxAnswerBytes + 1);
            JsonNode json = body.length > maxAnswerBytes ? null : parsed(body);
            if (!response.isSuccessful()) {
                Optional<ErrorBody> said = Optional.ofNullable(json).flatMap(ErrorBody::find);
                LlmError error = said.orElse(ErrorBody.NONE).error(response.code(), provider);
                throw failure(ability, response, error, said);
            }
            if (json == null) {
                throw LlmException.of(
                        LlmError.UNREADABLE_ANSWER, ability, body.length > maxAnswerBytes ? "size" : "json");
            }
            Optional<ErrorBody> inside = ErrorBody.find(json);
            if (inside.isPresent()) {
                throw failure(ability, response, inside.get().error(statusIn(inside.get()), provider), inside);
            }
            return json;
        } catch (IOException e) {
            throw broken(ability, e, write.begun());
        }
    }

    private LlmException failure(Ability ability, Response response, LlmError error, Optional<ErrorBody> said) {
        String detail = said.map(ErrorBody::detail)
                .filter(words -> !words.isEmpty())
                .orElseGet(() -> Integer.toString(response.code()));
        Duration wait = RetryAfter.readMillis(response.header("retry-after-ms"))
                .or(() -> RetryAfter.read(response.header("Retry-After"), clock.instant()))
                .orElse(null);
        String requestId = Objects.requireNonNullElse(
                response.header("x-request-id", response.header("request-id")), ""); // OpenAI's name, Anthropic's
        var told = new LlmException.Told(
                said.isPresent(),
                !"false".equalsIgnoreCase(response.header("x-should-retry")),
                REQUEST_ID.matcher(requestId).matches() ? requestId : "");
        return new LlmException(error, ability, detail, null, wait, told);
    }

    /** OpenRouter puts the status into an answer 200. Without a number it is the provider's failure. */
    private static int statusIn(ErrorBody inside) {
        return inside.code().matches("[45]\\d\\d") ? Integer.parseInt(inside.code()) : 502;
    }

    private static @Nullable JsonNode parsed(byte[] body) throws IOException {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null || json instanceof MissingNode ? null : json;
        } catch (JsonProcessingException e) {
            return null; // without the cause: its message quotes the text
        }
    }

    private static LlmException broken(Ability ability, IOException e, boolean sent) {
        if (Thread.currentThread().isInterrupted()) {
            return new LlmException(LlmError.BROKEN, ability, "interrupted", e, null);
        }
        LlmError error = LlmError.UNREACHABLE;
        if (sent) {
            error = e instanceof InterruptedIOException ? LlmError.TIMED_OUT : LlmError.BROKEN;
        }
        return new LlmException(error, ability, "", e, null);
    }
}
