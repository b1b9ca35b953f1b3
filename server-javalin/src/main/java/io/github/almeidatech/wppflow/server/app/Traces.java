package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.llm.ModelCallListener;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * One trace for each turn: how it was answered, every model asked, every command carried out, also after a restart or in
 * another process: the trace's id is made of the turn's. Ids, kinds, reasons and counts only, never contents. Without an
 * OpenTelemetry agent it does nothing. Thread-safe.
 */
final class Traces {

    private static final HexFormat HEX = HexFormat.of();
    private static final AttributeKey<String> TENANT = AttributeKey.stringKey("wppflow.tenant");
    private static final AttributeKey<Long> CONVERSATION = AttributeKey.longKey("wppflow.conversation");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("wppflow.attempt");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("wppflow.outcome");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("wppflow.reason");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracer tracer;
    private final InstantSource clock;

    Traces(OpenTelemetry telemetry, InstantSource clock) {
        this.tracer = telemetry.getTracer("io.github.almeidatech.wppflow");
        this.clock = clock;
    }

    TurnHandler around(TurnHandler handler) {
        return new TurnHandler() {
            @Override
            public TurnResult answer(Turn turn) {
                return traced("turn", turn, () -> handler.answer(turn));
            }

            @Override
            public TurnResult giveUp(Turn turn, RuntimeException failure) {
                return traced("give_up", turn, () -> handler.giveUp(turn, failure));
            }
        };
    }

    private TurnResult traced(String name, Turn turn, Supplier<TurnResult> handler) {
        Span span = begin(name, turn.id(), turn.conversation(), turn.attempt()).startSpan();
        try (Scope scope = span.makeCurrent()) {
            TurnResult result = handler.get();
            result.events().forEach(event -> {
                if (event.payload().get("outcome") instanceof String outcome
                        && event.payload().get("reason") instanceof String reason) {
                    span.setAttribute(OUTCOME, outcome).setAttribute(REASON, reason);
                }
            });
            return result;
        } catch (RuntimeException e) {
            span.setStatus(StatusCode.ERROR).setAttribute(ERROR, e.getClass().getName());
            throw e;
        } finally {
            span.end();
        }
    }

    CommandSender around(CommandSender sender) {
        return attempt -> {
            Span span = begin(
                            FlowEvents.word(attempt.command()),
                            attempt.turnId(),
                            attempt.conversation(),
                            attempt.attempt())
                    .setSpanKind(SpanKind.CLIENT)
                    .startSpan();
            try (Scope scope = span.makeCurrent()) {
                CommandResult result = sender.send(attempt);
                span.setAttribute(OUTCOME, result.getClass().getSimpleName().toLowerCase(Locale.ROOT));
                return result;
            } finally {
                span.end();
            }
        };
    }

    /** A call that is over, below the turn that made it. */
    void modelCalled(ModelCallListener.Call call) {
        String operation = switch (call.ability()) {
            case ANSWER, CLASSIFY, DESCRIBE -> "chat";
            case EMBED -> "embeddings";
            case TRANSCRIBE -> "transcription";
        };
        Span span = tracer.spanBuilder(operation + " " + call.model())
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(clock.instant().minus(call.took()))
                .setAttribute(TENANT, call.tenant().value())
                .setAttribute("gen_ai.operation.name", operation)
                .setAttribute("wppflow.purpose", call.ability().word())
                .setAttribute("gen_ai.provider.name", call.provider())
                .setAttribute("gen_ai.request.model", call.model())
                .setAttribute("gen_ai.usage.input_tokens", call.inputTokens())
                .setAttribute("gen_ai.usage.output_tokens", call.outputTokens())
                .startSpan();
        if (!call.outcome().equals("ok")) {
            span.setStatus(StatusCode.ERROR).setAttribute(ERROR, call.outcome());
        }
        span.end(clock.instant());
    }

    private SpanBuilder begin(String name, String turnId, ConversationId conversation, int attempt) {
        return tracer.spanBuilder(name)
                .setParent(parent(turnId))
                .setAttribute(TENANT, conversation.tenant().value())
                .setAttribute(CONVERSATION, conversation.number())
                .setAttribute(ATTEMPT, (long) attempt);
    }

    /** A parent that was never sent anywhere, the same for all that belongs to a turn. */
    private static Context parent(String turnId) {
        return uuid(turnId)
                .map(id -> SpanContext.createFromRemoteParent(
                        HEX.toHexDigits(id.getMostSignificantBits()) + HEX.toHexDigits(id.getLeastSignificantBits()),
                        HEX.toHexDigits(id.getLeastSignificantBits()),
                        TraceFlags.getSampled(),
                        TraceState.getDefault()))
                .map(context -> Context.root().with(Span.wrap(context)))
                .orElseGet(Context::root);
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
