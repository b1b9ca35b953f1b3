package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelCall.Protocol;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model's provider can do to us (reliability 6.D). */
class FaultsTest {

    private static final String GOOD = Hotel.answer("A diária custa R$ 85,00.", "1");

    private final ScriptedModel model = ScriptedModel.start().otherwise(ModelReply.text(GOOD));
    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final List<Duration> asked = new ArrayList<>();

    @AfterEach
    void close() {
        model.close();
    }

    private AnswerWriter writer(Protocol protocol, ModelLimits limits) {
        var provider = protocol == Protocol.OPENAI ? Hotel.openAi(model) : Hotel.anthropic(model);
        return Hotel.models(limits, provider.build())
                .clock(clock)
                .waiting((failure, deadline) -> {
                    failure.retryAfter().ifPresent(asked::add);
                    clock.advance(failure.retryAfter().orElse(Duration.ofSeconds(2)));
                    return true;
                })
                .build()
                .answerWriter();
    }

    private AnswerWriter writer() {
        return writer(Protocol.OPENAI, ModelLimits.DEFAULT);
    }

    private static LlmException failure(AnswerWriter writer) {
        return catchThrowableOfType(LlmException.class, () -> writer.write(Hotel.question("quanto custa?")));
    }

    static Stream<Arguments> passingFaults() {
        return Stream.of(
                Arguments.of("a dropped connection", Fault.drop(), LlmError.BROKEN),
                Arguments.of("an answer cut in the middle", Fault.cut(), LlmError.BROKEN),
                Arguments.of("HTML with a good status", Fault.garbage(), LlmError.UNREADABLE_ANSWER),
                Arguments.of("cut JSON", json(200, "{\"choices\":[{\"mess"), LlmError.UNREADABLE_ANSWER),
                Arguments.of("nothing", json(200, ""), LlmError.UNREADABLE_ANSWER),
                Arguments.of("JSON of another kind", json(200, "{\"ok\":true}"), LlmError.UNREADABLE_ANSWER),
                Arguments.of("two megabytes", json(200, "\"" + "x".repeat(2 << 20) + "\""), LlmError.UNREADABLE_ANSWER),
                Arguments.of("a good answer padded to two megabytes", padded(), LlmError.UNREADABLE_ANSWER),
                Arguments.of("deep JSON", json(200, "[".repeat(100_000)), LlmError.UNREADABLE_ANSWER),
                Arguments.of("500 in HTML", Fault.status(500), LlmError.SERVER_ERROR),
                Arguments.of("502", Fault.status(502), LlmError.SERVER_ERROR),
                Arguments.of("529", ScriptedModel.overloaded(), LlmError.SERVER_ERROR),
                Arguments.of("408", json(408, "{}"), LlmError.SERVER_ERROR),
                Arguments.of("429 without a hint", Fault.rateLimited(), LlmError.RATE_LIMITED),
                Arguments.of("429 with a hint", Fault.rateLimited("3"), LlmError.RATE_LIMITED),
                Arguments.of(
                        "an error inside a 200",
                        json(200, "{\"error\":{\"code\":502,\"message\":\"upstream\"}}"),
                        LlmError.SERVER_ERROR),
                Arguments.of(
                        "an error in the choice",
                        json(200, "{\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"content\":\"\"}}]}"),
                        LlmError.SERVER_ERROR));
    }

    private static Fault padded() {
        var answer = Json.object();
        answer.putArray("choices")
                .addObject()
                .put("finish_reason", "stop")
                .putObject("message")
                .put("content", GOOD);
        return json(200, answer + " ".repeat(2 << 20));
    }

    private static Fault json(int status, String body) {
        return Fault.answer(status, "application/json", body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passingFaults")
    void a_fault_that_passes_costs_one_more_attempt(String what, Fault fault, LlmError error) {
        model.faults().next(1, request -> true, fault);

        assertThat(writer().write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(model.faults().struck()).isOne();
        assertThat(model.requests()).hasSize(2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passingFaults")
    void a_fault_that_stays_is_told_apart_after_two_attempts(String what, Fault fault, LlmError error) {
        model.faults().always(request -> true, fault);

        LlmException failure = failure(writer());

        assertThat(failure.error()).isEqualTo(error);
        assertThat(failure.code().retryable()).isTrue();
        assertThat(failure.code().code()).isEqualTo("ERR_LLM_API");
        assertThat(model.requests()).hasSize(2);
    }

    static Stream<Arguments> lastingFaults() {
        return Stream.of(
                Arguments.of("a wrong key", json(401, error("invalid_api_key")), LlmError.UNAUTHORIZED),
                Arguments.of("a forbidden region", json(403, error("unsupported_country")), LlmError.UNAUTHORIZED),
                Arguments.of("no credit", json(402, error("x")), LlmError.QUOTA_EXCEEDED),
                Arguments.of("the 429 that never heals", ScriptedModel.quotaExceeded(), LlmError.QUOTA_EXCEEDED),
                Arguments.of("an unknown model", json(404, error("model_not_found")), LlmError.NOT_FOUND),
                Arguments.of("a filtered prompt", json(400, error("content_filter")), LlmError.REFUSED),
                Arguments.of("a redirect", json(307, ""), LlmError.NOT_FOUND));
    }

    private static String error(String code) {
        return "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":\"" + code + "\"}}";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lastingFaults")
    void a_fault_that_will_not_pass_is_not_tried_again(String what, Fault fault, LlmError error) {
        model.faults().always(request -> true, fault);

        LlmException failure = failure(writer(Protocol.ANTHROPIC, ModelLimits.DEFAULT));

        assertThat(failure.error()).isEqualTo(error);
        assertThat(failure.code().retryable()).isFalse();
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void a_key_that_is_refused_is_left_alone_for_a_minute() {
        model.faults().next(1, request -> true, json(401, error("invalid_api_key")));
        AnswerWriter writer = writer();
        failure(writer);

        assertThat(failure(writer).error()).isEqualTo(LlmError.UNAUTHORIZED);
        assertThat(model.requests()).hasSize(1);

        clock.advance(Duration.ofSeconds(61));
        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void a_provider_that_never_answers_is_given_up_in_time(Protocol protocol) {
        model.faults().always(request -> true, Fault.hang());

        LlmException failure = failure(writer(protocol, Hotel.within(Duration.ofSeconds(1))));

        assertThat(failure.error()).isEqualTo(LlmError.TIMED_OUT);
        assertThat(failure.code().code()).isEqualTo("ERR_TIMEOUT");
        assertThat(model.requests())
                .as("a second wait of the same length is no use")
                .hasSize(1);
    }

    @Test
    void an_answer_that_drips_is_given_up_in_time() {
        model.faults().always(request -> true, Fault.drip(Duration.ofMillis(50)));

        assertThat(failure(writer(Protocol.OPENAI, Hotel.within(Duration.ofSeconds(1))))
                        .error())
                .isEqualTo(LlmError.TIMED_OUT);
    }

    @Test
    void nobody_at_home_is_unreachable() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var provider = ProviderSettings.of(Provider.COMPATIBLE)
                .baseUrl("http://127.0.0.1:" + closed + "/v1")
                .chatModel("m")
                .build();

        LlmException failure = failure(Hotel.models(provider).build().answerWriter());

        assertThat(failure.error()).isEqualTo(LlmError.UNREACHABLE);
    }

    @Test
    void a_redirect_does_not_carry_the_key_away() throws Exception {
        try (var first = new MockWebServer();
                var second = new MockWebServer()) {
            first.start();
            second.start();
            first.enqueue(new MockResponse.Builder()
                    .code(307)
                    .setHeader("Location", second.url("/v1/chat/completions"))
                    .build());
            var provider = ProviderSettings.of(Provider.OPENAI)
                    .baseUrl(first.url("/v1").toString())
                    .apiKey("sk-secret-1")
                    .chatModel("m")
                    .jsonMode(Provider.JsonMode.PROMPT)
                    .tokenLimit(Provider.TokenLimit.MAX_TOKENS)
                    .build();

            failure(Hotel.models(provider).build().answerWriter());

            assertThat(first.getRequestCount()).isOne();
            assertThat(second.getRequestCount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-request-id", "request-id"})
    void a_failure_says_the_providers_name_for_the_call_and_is_not_repeated_when_that_is_useless(String header)
            throws Exception {
        try (var server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder()
                    .code(503)
                    .setHeader(header, "req_0123-ab")
                    .setHeader("x-should-retry", "false")
                    .build());
            var provider = ProviderSettings.of(Provider.OPENAI)
                    .baseUrl(server.url("/v1").toString())
                    .apiKey("sk-secret-1")
                    .chatModel("m")
                    .build();

            LlmException failure = failure(Hotel.models(provider).build().answerWriter());

            assertThat(failure).hasMessageEndingWith("server_error (503), request req_0123-ab");
            assertThat(server.getRequestCount()).isOne();
        }
    }

    @Test
    void a_503_to_be_repeated_at_once_is_not_repeated_behind_our_back() throws Exception {
        try (var server = new MockWebServer()) {
            server.start();
            for (int i = 0; i < 4; i++) {
                server.enqueue(new MockResponse.Builder()
                        .code(503)
                        .setHeader("Retry-After", "0")
                        .build());
            }
            var provider = ProviderSettings.of(Provider.OPENAI)
                    .baseUrl(server.url("/v1").toString())
                    .apiKey("sk-secret-1")
                    .chatModel("m")
                    .build();

            failure(Hotel.models(provider).build().answerWriter());

            assertThat(server.getRequestCount()).isEqualTo(2);
        }
    }

    @Test
    void the_provider_says_how_long_to_wait() {
        model.faults().next(1, request -> true, Fault.rateLimited("7"));

        assertThat(writer().write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(asked).containsExactly(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"315360000", "99999999999999", "3600"})
    void an_absurd_wait_is_not_believed_beyond_a_quarter_of_an_hour(String seconds) {
        model.faults().always(request -> true, Fault.rateLimited(seconds));

        assertThat(failure(writer()).retryAfter()).contains(Duration.ofMinutes(15));
    }

    @Test
    void a_wait_may_be_a_date() {
        var then = clock.instant().plusSeconds(30).atOffset(ZoneOffset.UTC);
        model.faults().next(1, request -> true, Fault.rateLimited(DateTimeFormatter.RFC_1123_DATE_TIME.format(then)));

        writer().write(Hotel.question("quanto custa?"));

        assertThat(asked).containsExactly(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "soon", "0", "Thu, 01 Jan 1970 00:00:00 GMT"})
    void a_wait_that_makes_no_sense_is_not_one(String header) {
        model.faults().next(1, request -> true, Fault.rateLimited(header));

        assertThat(writer().write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(asked).isEmpty();
    }

    @Test
    void during_a_pause_nothing_is_sent() {
        model.faults().next(1, request -> true, Fault.rateLimited("120"));
        AnswerWriter writer = Hotel.models(Hotel.openAi(model).build())
                .clock(clock)
                .waiting((failure, deadline) -> false)
                .build()
                .answerWriter();
        failure(writer);

        for (int i = 0; i < 20; i++) {
            LlmException paused = failure(writer);
            assertThat(paused.error()).isEqualTo(LlmError.RATE_LIMITED);
            assertThat(paused.retryAfter()).isPresent();
        }
        assertThat(model.requests()).hasSize(1);

        clock.advance(Duration.ofSeconds(121));
        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();
    }

    @Test
    void a_pause_ends_although_the_clock_is_set_back() {
        model.faults().next(1, request -> true, Fault.rateLimited("120"));
        AnswerWriter writer = Hotel.models(Hotel.openAi(model).build())
                .clock(clock)
                .waiting((failure, deadline) -> false)
                .build()
                .answerWriter();
        failure(writer);

        clock.advance(Duration.ofDays(-1));

        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();
    }

    @Test
    void a_real_wait_happens_only_where_there_is_time_for_it() {
        var failure = new LlmException(LlmError.RATE_LIMITED, Ability.ANSWER, "", null, Duration.ofMillis(1));

        assertThat(ChatCaller.Waiting.asleep(failure, Deadline.in(Duration.ofSeconds(30))))
                .isTrue();
        assertThat(ChatCaller.Waiting.asleep(failure, Deadline.in(Duration.ofMillis(900))))
                .isFalse();
        assertThat(ChatCaller.Waiting.asleep(
                        LlmException.of(LlmError.INVALID_ANSWER, Ability.ANSWER, ""), Deadline.in(Duration.ZERO)))
                .isTrue();
    }

    @Test
    void an_interrupted_caller_is_let_go() {
        model.faults().always(request -> true, Fault.hang());
        Thread.currentThread().interrupt();

        LlmException failure = failure(writer());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.error()).isIn(LlmError.BUSY, LlmError.BROKEN);
    }
}
