package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** OpenRouter answers 403 about one message, where others mean the key. */
class ModerationTest {

    private final ScriptedModel model =
            ScriptedModel.start().otherwise(ModelReply.text(Hotel.answer("A diária custa R$ 85,00.", "1")));
    private final ScriptedModel other =
            ScriptedModel.start().otherwise(ModelReply.text(Hotel.answer("A diária custa R$ 85,00.", "1")));
    private final Logger logger = (Logger) LoggerFactory.getLogger(ProviderClient.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.ERROR);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        logger.setLevel(null);
        model.close();
        other.close();
    }

    private ProviderSettings openRouter() {
        return ProviderSettings.of(Provider.OPENROUTER)
                .baseUrl(model.openAiUrl().toString())
                .apiKey(ScriptedModel.KEY)
                .chatModel("openai/gpt-4o-mini")
                .build();
    }

    private static LlmException failure(AnswerWriter writer) {
        return catchThrowableOfType(LlmException.class, () -> writer.write(Hotel.question("quanto custa?")));
    }

    private static Fault json(int status, String body) {
        return Fault.answer(status, "application/json", body);
    }

    static Stream<Arguments> flagged() {
        String error = """
                {"code":403,"message":"Your input was flagged",
                 "metadata":{"reasons":["harassment"],"flagged_input":"quanto custa?"}}""";
        return Stream.of(
                Arguments.of("by its status", json(403, "{\"error\":" + error + "}")),
                Arguments.of("inside a 200", json(200, "{\"error\":" + error + "}")),
                Arguments.of(
                        "in the choice",
                        json(
                                200,
                                "{\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"content\":\"\"},\"error\":"
                                        + error
                                        + "}]}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flagged")
    void a_message_that_is_not_let_through_is_refused_and_keeps_no_other_back(String how, Fault fault) {
        model.faults().next(1, request -> true, fault);
        AnswerWriter writer =
                Hotel.models(openRouter(), Hotel.openAi(other).build()).build().answerWriter();

        assertThat(failure(writer).error()).isEqualTo(LlmError.REFUSED);
        assertThat(writer.write(Hotel.question("e a diária?"))).isPresent();

        assertThat(model.requests()).hasSize(2);
        assertThat(other.requests()).as("not shopped around").isEmpty();
        assertThat(log.list).as("nobody has to act").isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flagged")
    void however_many_messages_are_not_let_through_the_next_is_tried(String how, Fault fault) {
        model.faults().always(request -> true, fault);
        AnswerWriter writer = Hotel.models(openRouter()).build().answerWriter();

        for (int i = 0; i < 10; i++) {
            failure(writer);
        }

        assertThat(model.requests()).hasSize(10);
    }

    /** What OpenRouter answers 403, too, when the limit that was set for a key is reached; and what is not its own word. */
    static Stream<Arguments> forbidden() {
        return Stream.of(
                Arguments.of(json(403, """
                                {"error":{"message":"Key limit exceeded (total limit). Manage it …","code":403}}"""), LlmError.QUOTA_EXCEEDED),
                Arguments.of(Fault.answer(403, "text/html", "<html>Access denied</html>"), LlmError.UNAUTHORIZED));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("forbidden")
    void what_concerns_every_message_is_left_alone_and_needs_a_person(Fault fault, LlmError error) {
        model.faults().always(request -> true, fault);
        AnswerWriter writer = Hotel.models(openRouter()).build().answerWriter();

        assertThat(failure(writer).error()).isEqualTo(error);
        assertThat(failure(writer).error()).isEqualTo(error);

        assertThat(model.requests()).hasSize(1);
        assertThat(log.list).hasSize(1);
    }

    @Test
    void at_any_other_provider_it_is_the_key() {
        model.faults().always(request -> true, json(403, "{\"error\":{\"code\":403,\"message\":\"m\"}}"));
        AnswerWriter writer = Hotel.models(Hotel.openAi(model).build()).build().answerWriter();

        assertThat(failure(writer).error()).isEqualTo(LlmError.UNAUTHORIZED);
        assertThat(failure(writer).error()).isEqualTo(LlmError.UNAUTHORIZED);

        assertThat(model.requests()).hasSize(1);
    }
}
