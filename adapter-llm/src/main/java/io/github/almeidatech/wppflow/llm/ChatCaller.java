package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.Payer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * Asks one provider's chat model, twice at most: the second time after a failure that may pass, with what the server refused
 * left out, with less text, or with the model told what was wrong with its answer. Thread-safe; blocks.
 */
final class ChatCaller {

    static final String CUT_OFF = "it was cut off, answer more briefly";

    private static final int ATTEMPTS = 2;
    private static final MediaType JSON = MediaType.get("application/json");

    private final ProviderClient client;
    private final ChatProtocol protocol;
    private final Waiting waiting;

    ChatCaller(ProviderClient client, Waiting waiting) {
        this.client = client;
        this.protocol = ChatProtocol.of(client.settings().provider());
        this.waiting = waiting;
    }

    /** @throws LlmException of the last attempt */
    <T> T ask(ChatRequest<T> request, Payer payer, Deadline deadline) {
        var next = new Attempt<>(request, client.dialect(), null);
        for (int attempt = 1; ; attempt++) {
            try {
                T answer = client.call(outgoing(next), payer, deadline);
                client.learn(next.dialect);
                return answer;
            } catch (LlmException e) {
                var repeat = attempt == ATTEMPTS ? Optional.<Attempt<T>>empty() : after(e, next);
                if (repeat.isEmpty() || !waiting.before(e, deadline)) {
                    throw e;
                }
                next = repeat.get();
            }
        }
    }

    private record Attempt<T>(
            ChatRequest<T> request,
            Dialect dialect,
            @Nullable String problem) {}

    private <T> Optional<Attempt<T>> after(LlmException e, Attempt<T> failed) {
        ChatRequest<T> request = failed.request;
        return switch (e.error()) {
            case UNREACHABLE, BROKEN, SERVER_ERROR, UNREADABLE_ANSWER, RATE_LIMITED ->
                e.told().again() ? Optional.of(failed) : Optional.empty();
            case INVALID_ANSWER -> {
                // A model that thinks may have used its tokens up before it began to write.
                var longer = e.detail().equals(CUT_OFF) ? request.withMaxTokens(request.maxTokens() * 2) : request;
                yield Optional.of(new Attempt<>(longer, failed.dialect, e.detail()));
            }
            case TOO_LARGE ->
                Optional.ofNullable(request.shorterData())
                        .map(less -> new Attempt<>(request.shortened(less), failed.dialect, null));
            case INVALID_REQUEST ->
                failed.dialect
                        .without(e.detail(), failed.dialect.temperature())
                        .map(other -> new Attempt<>(request, other, null));
            // A second wait of the same length, a second refusal, a second look at an empty purse: no use.
            case TIMED_OUT,
                    REFUSED,
                    QUOTA_EXCEEDED,
                    UNAUTHORIZED,
                    NOT_FOUND,
                    BUSY,
                    CIRCUIT_OPEN,
                    OVER_BUDGET,
                    NOT_CONFIGURED -> Optional.empty();
        };
    }

    /** Whether the same request may succeed a little later. */
    static boolean mayPass(LlmException e) {
        LlmError error = e.error();
        return e.told().again() && (error == LlmError.RATE_LIMITED || error.sickness() && error != LlmError.TIMED_OUT);
    }

    private <T> Outgoing<T> outgoing(Attempt<T> attempt) {
        ProviderSettings settings = client.settings();
        ChatRequest<T> request = attempt.request;
        String model = settings.model(request.ability())
                .orElseThrow(() -> LlmException.of(LlmError.NOT_CONFIGURED, request.ability(), ""));
        var body = protocol.body(
                request, model, attempt.dialect, settings.temperature().orElse(null), attempt.problem);
        return new Outgoing<>(
                request.ability(),
                model,
                settings.url(protocol.path(), model),
                RequestBody.create(Json.bytes(body), JSON),
                request.atMost(),
                Outgoing.MAX_ANSWER_BYTES,
                protocol::usage,
                answer -> request.form().reader().read(protocol.object(answer)));
    }

    /** The wait before a second attempt. */
    @FunctionalInterface
    interface Waiting {

        /** Waits for what was asked, or about a second; false when there is not the time for it and an answer. */
        boolean before(LlmException failure, Deadline deadline);

        /** Sleeps. */
        static boolean asleep(LlmException failure, Deadline deadline) {
            if (!failure.error().sickness() && failure.error() != LlmError.RATE_LIMITED) {
                return true;
            }
            Duration wait = failure.retryAfter()
                    .map(asked -> asked.plusMillis(20))
                    .orElseGet(
                            () -> Duration.ofMillis(ThreadLocalRandom.current().nextLong(1_050, 1_300)));
            if (wait.plusSeconds(1).compareTo(deadline.left()) > 0) {
                return false;
            }
            try {
                Thread.sleep(wait.toMillis());
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
