package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.multimodal.Transcriber;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody spends more than was allowed, whatever happens at the same time. */
class BudgetTest {

    private static final ModelReply GOOD =
            ModelReply.text(Hotel.answer("A diária custa R$ 85,00.", "1")).usage(1_000, 100);

    private final ScriptedModel model = ScriptedModel.start().otherwise(GOOD);
    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final List<ModelCallListener.Call> heard = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        model.close();
    }

    private LanguageModels models(ModelLimits limits) {
        return Hotel.models(limits, Hotel.openAi(model).build())
                .clock(clock)
                .listener(heard::add)
                .build();
    }

    private static LlmException failure(AnswerWriter writer, String turn) {
        return catchThrowableOfType(LlmException.class, () -> writer.write(Hotel.question("quanto custa?", turn)));
    }

    private long answeredByAHundredAtOnce(LanguageModels models) throws Exception {
        var threads = Executors.newFixedThreadPool(100);
        try {
            var together = new CyclicBarrier(100);
            var turns = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 100; i++) {
                String turn = "turn-" + i;
                turns.add(() -> {
                    together.await();
                    return failure(models.answerWriter(), turn) == null;
                });
            }
            long answered = 0;
            for (var each : threads.invokeAll(turns)) {
                answered += each.get() ? 1 : 0;
            }
            return answered;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_hundred_turns_at_once_never_pass_the_tenants_tokens() throws Exception {
        model.faults().always(request -> true, Fault.slow(Duration.ofMillis(20)));
        LanguageModels models = models(ModelLimits.builder()
                .tokensPerDay(40_000)
                .maxConcurrent(50)
                .maxPerMinute(1_000)
                .build());

        long answered = answeredByAHundredAtOnce(models);

        long used = heard.stream()
                .mapToLong(call -> call.inputTokens() + call.outputTokens())
                .sum();
        assertThat(answered).isBetween(10L, 36L);
        assertThat(used).isEqualTo(answered * 1_100).isLessThanOrEqualTo(40_000);
        assertThat(models.spentToday(Hotel.TENANT).tokens()).isEqualTo(used);
        assertThat(heard)
                .filteredOn(call -> call.outcome().equals("over_budget"))
                .hasSize((int) (100 - answered));
    }

    @Test
    void a_hundred_turns_at_once_never_pass_the_tenants_money() throws Exception {
        model.faults().always(request -> true, Fault.slow(Duration.ofMillis(20)));
        LanguageModels models = models(ModelLimits.builder()
                .dollarsPerDay(new BigDecimal("0.005"))
                .maxConcurrent(50)
                .maxPerMinute(1_000)
                .build());

        long answered = answeredByAHundredAtOnce(models);

        // 1,000 in at 0.15 and 100 out at 0.60 a million: 210 millionths a call.
        assertThat(answered).isBetween(1L, 23L);
        assertThat(models.spentToday(Hotel.TENANT).micros())
                .isEqualTo(answered * 210)
                .isLessThanOrEqualTo(5_000);
    }

    @Test
    void without_room_nothing_is_sent() {
        LanguageModels models = models(ModelLimits.builder().tokensPerDay(10).build());

        LlmException failure = failure(models.answerWriter(), "turn-1");

        assertThat(failure.error()).isEqualTo(LlmError.OVER_BUDGET);
        assertThat(failure.code().retryable()).isFalse();
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void a_turn_has_its_own_allowance() {
        LanguageModels models =
                models(ModelLimits.builder().tokensPerTurn(4_000).build());
        AnswerWriter writer = models.answerWriter();
        while (failure(writer, "turn-1") == null) {
            assertThat(model.calls()).hasSizeLessThan(5);
        }

        assertThat(failure(writer, "turn-1").error()).isEqualTo(LlmError.OVER_BUDGET);
        assertThat(failure(writer, "turn-2")).isNull();
    }

    @Test
    void the_files_of_a_turn_have_an_allowance_of_money_that_is_taken_before_the_call() throws Exception {
        model.faults().always(request -> true, Fault.slow(Duration.ofMillis(20)));
        model.withoutUsage();
        // Ten minutes at 0.006 are 0.06 dollars: three of them fit.
        var limits = ModelLimits.builder()
                .mediaDollarsPerTurn(new BigDecimal("0.19"))
                .maxConcurrent(50)
                .build();
        Transcriber transcriber = Hotel.models(
                        limits,
                        Hotel.openAi(model).transcriptionModel("whisper-1").build())
                .clock(clock)
                .build()
                .transcriber();

        assertThat(transcribedAtOnce(transcriber, "turn-1")).isEqualTo(3);
        assertThat(transcribedAtOnce(transcriber, "turn-2")).isEqualTo(3);
        assertThat(model.calls()).hasSize(6);
        assertThat(transcriber.transcribe(Hotel.PAYER, Voice.note(600), Duration.ofSeconds(5)))
                .as("an upload has no turn")
                .isNotBlank();
    }

    private long transcribedAtOnce(Transcriber transcriber, String turn) throws Exception {
        var threads = Executors.newFixedThreadPool(10);
        try {
            var together = new CyclicBarrier(10);
            List<Callable<String>> notes = Collections.nCopies(10, () -> {
                together.await();
                try {
                    return transcriber.transcribe(
                            Payer.of(Hotel.CONVERSATION, turn), Voice.note(600), Duration.ofSeconds(5));
                } catch (MediaUnavailableException e) {
                    return e.reason().word();
                }
            });
            long refused = 0;
            for (var each : threads.invokeAll(notes)) {
                refused += each.get().equals("over_budget") ? 1 : 0;
            }
            return notes.size() - refused;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_conversation_has_its_own_allowance_for_the_day() {
        LanguageModels models =
                models(ModelLimits.builder().tokensPerConversation(10_000).build());
        AnswerWriter writer = models.answerWriter();
        int turn = 0;
        while (failure(writer, "turn-" + turn) == null) {
            assertThat(turn++).isLessThan(10);
        }

        assertThat(turn).isGreaterThan(5);
        clock.advance(Duration.ofHours(24));
        assertThat(failure(writer, "turn-next-day")).isNull();
    }

    @Test
    void the_day_ends_at_the_tenants_own_midnight() {
        clock.set(Instant.parse("2026-09-02T02:59:00Z"));
        LanguageModels models = models(ModelLimits.DEFAULT);
        models.answerWriter().write(Hotel.question("quanto custa?"));
        assertThat(models.spentToday(Hotel.TENANT).tokens()).isEqualTo(1_100);

        clock.advance(Duration.ofMinutes(2));

        assertThat(models.spentToday(Hotel.TENANT)).isEqualTo(SpendLedger.Amount.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 429})
    void a_call_that_was_refused_costs_nothing(int status) {
        model.faults().always(request -> true, Fault.status(status));
        LanguageModels models = models(ModelLimits.DEFAULT);

        failure(models.answerWriter(), "turn-1");

        assertThat(models.spentToday(Hotel.TENANT)).isEqualTo(SpendLedger.Amount.ZERO);
    }

    @Test
    void an_error_in_the_providers_own_words_costs_nothing() {
        model.faults()
                .always(
                        request -> true,
                        Fault.answer(503, "application/json", "{\"error\":{\"type\":\"overloaded_error\"}}"));
        LanguageModels models = models(ModelLimits.DEFAULT);

        failure(models.answerWriter(), "turn-1");

        assertThat(models.spentToday(Hotel.TENANT)).isEqualTo(SpendLedger.Amount.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504})
    void a_page_of_something_in_between_does_not_tell_what_was_billed_so_it_stays_spent(int status) {
        model.faults().always(request -> true, Fault.status(status));
        LanguageModels models = models(ModelLimits.DEFAULT);

        failure(models.answerWriter(), "turn-1");

        assertThat(models.spentToday(Hotel.TENANT).tokens()).isGreaterThan(1_000);
        assertThat(heard).allSatisfy(call -> assertThat(call.outputTokens()).isPositive());
    }

    @Test
    void a_call_whose_answer_never_came_stays_spent() {
        model.faults().always(request -> true, Fault.cut());
        LanguageModels models = models(ModelLimits.DEFAULT);

        failure(models.answerWriter(), "turn-1");

        assertThat(models.spentToday(Hotel.TENANT).tokens()).isGreaterThan(1_000);
        assertThat(heard).allSatisfy(call -> assertThat(call.outputTokens()).isPositive());
    }

    @Test
    void a_provider_that_does_not_count_is_counted_by_the_estimate() {
        model.withoutUsage();
        LanguageModels models = models(ModelLimits.DEFAULT);

        models.answerWriter().write(Hotel.question("quanto custa?"));

        assertThat(models.spentToday(Hotel.TENANT).tokens()).isGreaterThan(1_500);
    }

    @Test
    void an_answer_that_was_useless_was_paid_for_all_the_same() {
        model.otherwise(ModelReply.text("Olá!").usage(1_000, 5));
        LanguageModels models = models(ModelLimits.DEFAULT);

        failure(models.answerWriter(), "turn-1");

        assertThat(models.spentToday(Hotel.TENANT).tokens()).isEqualTo(2_010);
        assertThat(heard).extracting(ModelCallListener.Call::outcome).containsOnly("invalid_answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "-9223372036854775808", "-5", "1e300", "\"many\"", "null"})
    void a_count_that_cannot_be_does_no_harm(String tokens) {
        model.faults()
                .always(
                        request -> true,
                        Fault.answer(
                                200,
                                "application/json",
                                "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":"
                                        + tokens + ",\"completion_tokens\":" + tokens + "}}"));
        LanguageModels models = models(ModelLimits.DEFAULT);

        assertThat(failure(models.answerWriter(), "turn-1").error())
                .isIn(LlmError.INVALID_ANSWER, LlmError.OVER_BUDGET);
        assertThat(models.spentToday(Hotel.TENANT).tokens()).isBetween(0L, 100_000_000L);
    }

    @Test
    void the_listener_hears_model_outcome_tokens_and_cost() {
        models(ModelLimits.DEFAULT).answerWriter().write(Hotel.question("quanto custa?"));

        assertThat(heard).singleElement().satisfies(call -> {
            assertThat(call.tenant()).isEqualTo(Hotel.TENANT);
            assertThat(call.provider()).isEqualTo("openai");
            assertThat(call.ability()).isEqualTo(Ability.ANSWER);
            assertThat(call.model()).isEqualTo("gpt-4o-mini");
            assertThat(call.outcome()).isEqualTo("ok");
            assertThat(call.took()).isPositive();
            assertThat(call.inputTokens()).isEqualTo(1_000);
            assertThat(call.outputTokens()).isEqualTo(100);
            assertThat(call.costMicros()).isEqualTo(210);
        });
    }

    @Test
    void a_ledger_that_is_handed_on_remembers() {
        var ledger = SpendLedger.inMemory();
        var limits = ModelLimits.builder().tokensPerDay(5_000).build();
        var provider = Hotel.openAi(model).build();
        Hotel.models(limits, provider)
                .clock(clock)
                .ledger(ledger)
                .build()
                .answerWriter()
                .write(Hotel.question("oi"));

        LanguageModels next =
                Hotel.models(limits, provider).clock(clock).ledger(ledger).build();

        assertThat(next.spentToday(Hotel.TENANT).tokens()).isEqualTo(1_100);
    }

    @Test
    void without_the_books_nothing_is_spent() {
        LanguageModels models = Hotel.models(
                        ModelLimits.DEFAULT, Hotel.openAi(model).build())
                .ledger(new Torn(true))
                .build();

        LlmException failure = failure(models.answerWriter(), "turn-1");

        assertThat(failure.error()).isEqualTo(LlmError.OVER_BUDGET);
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void an_answer_whose_cost_cannot_be_written_down_is_kept_and_counted_as_estimated() {
        var ledger = new Torn(false);
        LanguageModels models = Hotel.models(
                        ModelLimits.DEFAULT, Hotel.openAi(model).build())
                .clock(clock)
                .ledger(ledger)
                .build();

        assertThat(models.answerWriter().write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(models.spentToday(Hotel.TENANT).tokens()).isGreaterThan(1_100);
    }

    /** Books that cannot be written into: not at all, or not any more. */
    private static final class Torn implements SpendLedger {

        private final SpendLedger pages = SpendLedger.inMemory();
        private final boolean fromTheStart;

        Torn(boolean fromTheStart) {
            this.fromTheStart = fromTheStart;
        }

        @Override
        public Optional<Account> take(List<Charge> charges) {
            if (fromTheStart) {
                throw torn();
            }
            return pages.take(charges);
        }

        @Override
        public void correct(List<Charge> charges) {
            throw torn();
        }

        @Override
        public Amount spent(Account account) {
            return pages.spent(account);
        }

        private static FlowException torn() {
            return new FlowException(LlmError.BROKEN, "the ledger", null);
        }
    }
}
