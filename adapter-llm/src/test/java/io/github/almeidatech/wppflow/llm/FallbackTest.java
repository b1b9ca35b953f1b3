package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when a provider fails again and again. */
class FallbackTest {

    private static final String GOOD = Hotel.answer("A diária custa R$ 85,00.", "1");

    private final ScriptedModel first = ScriptedModel.start().otherwise(ModelReply.text(GOOD));
    private final ScriptedModel second = ScriptedModel.start().otherwise(ModelReply.text(GOOD));
    private final List<ModelCallListener.Call> heard = new ArrayList<>();

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private LanguageModels both(ModelLimits limits) {
        return Hotel.models(
                        limits,
                        Hotel.openAi(first).build(),
                        Hotel.anthropic(second).build())
                .listener(heard::add)
                .build();
    }

    private static LlmException failure(AnswerWriter writer) {
        return catchThrowableOfType(LlmException.class, () -> writer.write(Hotel.question("quanto custa?")));
    }

    @Test
    void a_healthy_first_provider_is_the_only_one_asked() {
        both(ModelLimits.DEFAULT).answerWriter().write(Hotel.question("quanto custa?"));

        assertThat(first.calls()).hasSize(1);
        assertThat(second.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 404, 422, 429, 500, 503, 529})
    void whatever_ails_the_first_provider_the_second_is_asked(int status) {
        first.faults().always(request -> true, Fault.status(status));

        assertThat(both(ModelLimits.DEFAULT).answerWriter().write(Hotel.question("quanto custa?")))
                .isPresent();
        assertThat(second.calls()).hasSize(1);
    }

    @Test
    void a_first_provider_that_hangs_leaves_time_for_the_second() {
        first.faults().always(request -> true, Fault.hang());

        assertThat(both(Hotel.within(Duration.ofSeconds(2))).answerWriter().write(Hotel.question("quanto custa?")))
                .isPresent();
        assertThat(heard).extracting(ModelCallListener.Call::outcome).containsExactly("timed_out", "ok");
    }

    @Test
    void a_first_model_that_talks_nonsense_twice_is_replaced_by_the_second() {
        first.otherwise(ModelReply.text("Olá!"));

        assertThat(both(ModelLimits.DEFAULT).answerWriter().write(Hotel.question("quanto custa?")))
                .isPresent();
        assertThat(heard).extracting(ModelCallListener.Call::provider).containsExactly("openai", "openai", "anthropic");
    }

    @Test
    void a_refusal_is_not_shopped_around() {
        first.otherwise(ModelReply.refusal("no"));

        assertThat(failure(both(ModelLimits.DEFAULT).answerWriter()).error()).isEqualTo(LlmError.REFUSED);
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void when_all_fail_the_last_failure_tells_of_the_others() {
        first.faults().always(request -> true, Fault.status(500));
        second.faults().always(request -> true, Fault.status(401));

        LlmException failure = failure(both(ModelLimits.DEFAULT).answerWriter());

        assertThat(failure.error()).isEqualTo(LlmError.UNAUTHORIZED);
        assertThat(failure.getSuppressed())
                .singleElement()
                .isInstanceOfSatisfying(
                        LlmException.class, e -> assertThat(e.error()).isEqualTo(LlmError.SERVER_ERROR));
    }

    @Test
    void after_five_failures_no_request_arrives_any_more() {
        first.faults().always(request -> true, Fault.status(500));
        LanguageModels models = Hotel.models(Hotel.openAi(first).build())
                .breakerDelay(Duration.ofHours(1))
                .build();
        AnswerWriter writer = models.answerWriter();
        for (int i = 0; i < 3; i++) {
            failure(writer);
        }
        int arrived = first.requests().size();
        first.faults().clear();

        for (int i = 0; i < 50; i++) {
            LlmException failure = failure(writer);
            assertThat(failure.error()).isEqualTo(LlmError.CIRCUIT_OPEN);
            assertThat(failure.retryAfter()).isPresent();
        }

        assertThat(arrived).isEqualTo(5);
        assertThat(first.requests()).hasSize(arrived);
        assertThat(models.states(Hotel.TENANT))
                .filteredOn(state -> state.ability() == Ability.ANSWER)
                .extracting(LanguageModels.ModelState::breaker)
                .containsExactly("open");
    }

    @Test
    void with_the_breaker_open_the_second_provider_answers_at_once() {
        first.faults().always(request -> true, Fault.status(500));
        LanguageModels models = both(ModelLimits.DEFAULT);
        for (int i = 0; i < 10; i++) {
            assertThat(models.answerWriter().write(Hotel.question("quanto custa?")))
                    .isPresent();
        }

        assertThat(first.requests()).hasSize(5);
        assertThat(second.calls()).hasSize(10);
    }

    @Test
    void a_provider_that_is_well_again_is_asked_again() {
        first.faults().always(request -> true, Fault.status(500));
        LanguageModels models = Hotel.models(Hotel.openAi(first).build())
                .breakerDelay(Duration.ofNanos(1))
                .build();
        for (int i = 0; i < 3; i++) {
            failure(models.answerWriter());
        }
        first.faults().clear();

        assertThat(models.answerWriter().write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(models.states(Hotel.TENANT))
                .extracting(LanguageModels.ModelState::breaker)
                .containsOnly("closed");
    }

    @Test
    void a_tenants_failures_do_not_close_the_way_for_another() {
        var neighbour = new TenantId("neighbour");
        first.faults().always(request -> request.json().path("model").asText().equals("broken"), Fault.status(500));
        LanguageModels models = Hotel.models(
                        Hotel.openAi(first).chatModel("broken").build())
                .tenant(neighbour, ModelSettings.of(Hotel.openAi(first).build()))
                .build();
        for (int i = 0; i < 5; i++) {
            failure(models.answerWriter());
        }

        assertThat(models.states(Hotel.TENANT).get(0).breaker()).isEqualTo("open");
        assertThat(models.states(neighbour).get(0).breaker()).isEqualTo("closed");
        assertThat(models.intentModel(neighbour)).isPresent();
    }

    @Test
    void bad_words_of_a_model_do_not_open_the_breaker() {
        first.otherwise(ModelReply.text("Olá!"));
        LanguageModels models = Hotel.models(Hotel.openAi(first).build()).build();
        for (int i = 0; i < 10; i++) {
            failure(models.answerWriter());
        }

        assertThat(first.calls()).hasSize(20);
    }
}
