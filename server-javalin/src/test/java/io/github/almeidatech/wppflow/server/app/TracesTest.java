package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.llm.Ability;
import io.github.almeidatech.wppflow.llm.ModelCallListener;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracesTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final ConversationId CONVERSATION = new ConversationId(new TenantId("pet-hotel"), 1, 88);

    private final String turnId = Uuid7.at(NOW);
    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exported))
                    .build())
            .build();
    private final Traces traces = new Traces(telemetry, InstantSource.fixed(NOW));

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void a_turn_its_models_and_its_commands_are_one_trace_named_after_the_turn() {
        TurnHandler handler = traces.around(answering(() -> {
            traces.modelCalled(new ModelCallListener.Call(
                    CONVERSATION.tenant(),
                    "openai",
                    Ability.ANSWER,
                    "gpt-x",
                    "rate_limited",
                    Duration.ofMillis(20),
                    120,
                    30,
                    9));
            return new TurnResult(List.of(), List.of(), null);
        }));

        handler.answer(turn());
        traces.around((CommandAttempt attempt) -> new CommandResult.Done("1")).send(attempt(turnId));

        List<SpanData> spans = exported.getFinishedSpanItems();
        assertThat(spans).extracting(SpanData::getName).containsExactly("chat gpt-x", "turn", "add_private_note");
        assertThat(spans).extracting(SpanData::getTraceId).containsOnly(turnId.replace("-", ""));
        SpanData model = spans.get(0);
        assertThat(model.getParentSpanId()).isEqualTo(spans.get(1).getSpanId());
        assertThat(model.getAttributes().get(AttributeKey.longKey("gen_ai.usage.input_tokens")))
                .isEqualTo(120);
        assertThat(model.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(spans.get(2).getAttributes().get(AttributeKey.stringKey("wppflow.outcome")))
                .isEqualTo("done");
    }

    @Test
    void a_failure_is_told_and_goes_on() {
        TurnHandler handler = traces.around(answering(() -> {
            throw new IllegalStateException("o texto da cliente");
        }));

        assertThatThrownBy(() -> handler.answer(turn())).isInstanceOf(IllegalStateException.class);

        assertThat(exported.getFinishedSpanItems()).singleElement().satisfies(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(span.toString()).doesNotContain("o texto da cliente");
        });
    }

    @Test
    void a_command_that_belongs_to_no_turn_has_a_trace_of_its_own() {
        traces.around((CommandAttempt attempt) -> new CommandResult.Done("1")).send(attempt("by hand"));

        assertThat(exported.getFinishedSpanItems()).hasSize(1);
    }

    private Turn turn() {
        var sender = new Sender(5L, "Ana Exemplo", "5511990000009", "+5511990000009", "phone:+5511990000009");
        var message = new InboundMessage(CONVERSATION, 7, 1L, NOW, ContentType.TEXT, "oi", List.of(), sender, null);
        return new Turn(CONVERSATION, turnId, List.of(message), 1, 0, 1, NOW, "token", 1);
    }

    private static TurnHandler answering(java.util.function.Supplier<TurnResult> answer) {
        return new TurnHandler() {
            @Override
            public TurnResult answer(Turn turn) {
                return answer.get();
            }

            @Override
            public TurnResult giveUp(Turn turn, RuntimeException failure) {
                return answer.get();
            }
        };
    }

    private static CommandAttempt attempt(String turnId) {
        return new CommandAttempt(
                1, CONVERSATION, turnId, "key", new OutboundCommand.AddPrivateNote("x"), 1, null, NOW, "token");
    }
}
