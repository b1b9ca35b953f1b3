package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.SpendLedger.Account;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Intent;
import io.github.almeidatech.wppflow.router.Sentiment;
import io.github.almeidatech.wppflow.router.Utterance;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a model is asked for, it counts against the same budgets: the turn's, the conversation's and the tenant's day. */
class EveryCallCountsTest {

    private static final Payer TURN = Payer.of(Hotel.CONVERSATION, "turn-1");
    private static final Payer NEXT_TURN = Payer.of(Hotel.CONVERSATION, "turn-2");
    private static final Payer ELSEWHERE = Payer.of(new ConversationId(Hotel.TENANT, 1, 43), "turn-3");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Classification OFFLINE = new Classification(
            "general", 0.4, List.of("?"), Language.PT_BR, Set.of(), Sentiment.NEUTRAL, List.of("banho"));

    private final ScriptedModel model = ScriptedModel.start();
    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final SpendLedger ledger = SpendLedger.inMemory();

    EveryCallCountsTest() {
        model.when(call -> call.images() > 0, ModelReply.text("{\"description\":\"um cão\",\"visible_text\":\"\"}"))
                .when(
                        call -> call.system().contains("intent"),
                        ModelReply.text("{\"intent\":\"sales\",\"confidence\":0.9,\"evidence\":[]}"))
                .otherwise(ModelReply.text(Hotel.answer("A diária custa R$ 85,00.", "1")));
    }

    @AfterEach
    void close() {
        model.close();
    }

    private LanguageModels models(ModelLimits.Builder limits) {
        return Hotel.models(
                        limits.build(),
                        Hotel.openAi(model)
                                .visionModel("gpt-4o-mini")
                                .transcriptionModel("whisper-1")
                                .embeddingModel("text-embedding-3-small")
                                .build())
                .clock(clock)
                .ledger(ledger)
                .build();
    }

    /** {@code ok}, or the word of the failure. */
    private static String use(LanguageModels models, Ability ability, Payer payer) {
        try {
            switch (ability) {
                case ANSWER -> models.answerWriter().write(Hotel.question("quanto custa?", payer));
                case CLASSIFY ->
                    models.intentModel(payer.tenant())
                            .orElseThrow()
                            .classify(
                                    new Utterance("quanto custa?", List.of(), Map.of(), payer),
                                    OFFLINE,
                                    Intent.STANDARD);
                case DESCRIBE -> models.imageDescriber().describe(payer, jpeg(), LIMIT);
                case TRANSCRIBE -> models.transcriber().transcribe(payer, Voice.note(60), LIMIT);
                case EMBED -> models.embedder(payer.tenant()).orElseThrow().embed(payer, List.of("quanto custa?"));
            }
            return "ok";
        } catch (MediaUnavailableException e) {
            return e.reason().word();
        } catch (FlowException e) {
            return e.code().word();
        }
    }

    private static MediaFile jpeg() {
        return MediaFile.of(Arrays.copyOf("\u00FF\u00D8\u00FF\u00E0".getBytes(StandardCharsets.ISO_8859_1), 500));
    }

    private Amount spent(String account) {
        return ledger.spent(new Account(Hotel.TENANT, LocalDate.parse("2026-09-01"), account));
    }

    @ParameterizedTest
    @EnumSource(Ability.class)
    void it_is_written_down_for_the_turn_the_conversation_and_the_day_alike(Ability ability) {
        LanguageModels models = models(ModelLimits.builder());

        assertThat(use(models, ability, TURN)).isEqualTo("ok");

        Amount day = spent("");
        assertThat(day.micros()).isPositive();
        assertThat(spent("conversation/1/42")).isEqualTo(day);
        assertThat(spent("turn/turn-1")).isEqualTo(day);
    }

    @ParameterizedTest
    @EnumSource(Ability.class)
    void without_room_for_the_turn_it_is_not_sent_and_the_next_turn_is_served(Ability ability) {
        LanguageModels models = models(ModelLimits.builder().tokensPerTurn(60_000));
        exhaust("turn/turn-1", 60_000, 0);

        assertThat(use(models, ability, TURN)).isEqualTo("over_budget");
        assertThat(model.requests()).isEmpty();
        assertThat(use(models, ability, NEXT_TURN)).isEqualTo("ok");
    }

    @ParameterizedTest
    @EnumSource(Ability.class)
    void without_room_for_the_conversation_it_is_not_sent_until_tomorrow_and_others_are_served(Ability ability) {
        LanguageModels models = models(ModelLimits.builder().tokensPerConversation(60_000));
        exhaust("conversation/1/42", 60_000, 0);

        assertThat(use(models, ability, TURN)).isEqualTo("over_budget");
        assertThat(use(models, ability, NEXT_TURN)).isEqualTo("over_budget");
        assertThat(model.requests()).isEmpty();
        assertThat(use(models, ability, ELSEWHERE)).isEqualTo("ok");
        clock.advance(Duration.ofDays(1));
        assertThat(use(models, ability, TURN)).isEqualTo("ok");
    }

    @ParameterizedTest
    @EnumSource(Ability.class)
    void without_money_for_the_conversation_it_is_not_sent_and_others_are_served(Ability ability) {
        LanguageModels models = models(ModelLimits.builder().dollarsPerConversation(new BigDecimal("0.5")));
        exhaust("conversation/1/42", 0, 500_000);

        assertThat(use(models, ability, TURN)).isEqualTo("over_budget");
        assertThat(model.requests()).isEmpty();
        assertThat(use(models, ability, ELSEWHERE)).isEqualTo("ok");
    }

    @ParameterizedTest
    @EnumSource(Ability.class)
    void without_room_for_the_day_nobody_is_served(Ability ability) {
        LanguageModels models = models(ModelLimits.builder().dollarsPerDay(BigDecimal.ZERO));

        assertThat(use(models, ability, TURN)).isEqualTo("over_budget");
        assertThat(use(models, ability, Payer.of(Hotel.TENANT))).isEqualTo("over_budget");
        assertThat(model.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Ability.class)
    void what_is_done_for_no_conversation_counts_for_the_day_only(Ability ability) {
        if (ability == Ability.ANSWER) {
            return; // answers are always somebody's
        }
        LanguageModels models = models(ModelLimits.builder().tokensPerTurn(0).tokensPerConversation(0));

        assertThat(use(models, ability, Payer.of(Hotel.TENANT))).isEqualTo("ok");
        assertThat(spent("").micros()).isPositive();
    }

    @Test
    void voice_that_is_billed_by_the_minute_is_bounded_by_the_conversations_money() {
        // An estimate of 60 s and an answer of 4 s at 0.006 dollars a minute.
        LanguageModels models = models(ModelLimits.builder().dollarsPerConversation(new BigDecimal("0.0072")));

        int heard = 0;
        while (use(models, Ability.TRANSCRIBE, Payer.of(Hotel.CONVERSATION, "turn-" + heard))
                .equals("ok")) {
            assertThat(heard++).isLessThan(10);
        }

        assertThat(heard).isEqualTo(4);
        assertThat(spent("conversation/1/42")).isEqualTo(new Amount(0, 1_600));
    }

    @Test
    void the_failure_says_which_budget_it_was() {
        exhaust("turn/turn-1", 60_000, 0);
        exhaust("conversation/1/43", 60_000, 0);
        LanguageModels models =
                models(ModelLimits.builder().tokensPerTurn(60_000).tokensPerConversation(60_000));

        assertThat(whichBudget(models, TURN)).endsWith("answer: over_budget (turn)");
        assertThat(whichBudget(models, ELSEWHERE)).endsWith("answer: over_budget (conversation)");
        assertThat(whichBudget(models(ModelLimits.builder().tokensPerDay(1)), TURN))
                .endsWith("answer: over_budget (day)");
    }

    @Test
    void a_payer_of_another_tenant_is_a_mistake() {
        var stranger = Payer.of(new TenantId("neighbour"));
        var embedder = models(ModelLimits.builder()).embedder(Hotel.TENANT).orElseThrow();

        assertThatIllegalArgumentException().isThrownBy(() -> embedder.embed(stranger, List.of("oi")));
    }

    private static String whichBudget(LanguageModels models, Payer payer) {
        try {
            models.answerWriter().write(Hotel.question("quanto custa?", payer));
            return "";
        } catch (FlowException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void exhaust(String account, long tokens, long micros) {
        ledger.correct(List.of(new SpendLedger.Charge(
                new Account(Hotel.TENANT, LocalDate.parse("2026-09-01"), account),
                new Amount(tokens, micros),
                Amount.ZERO)));
    }
}
