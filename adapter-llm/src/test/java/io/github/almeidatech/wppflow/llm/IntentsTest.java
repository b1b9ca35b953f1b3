package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Intent;
import io.github.almeidatech.wppflow.router.IntentModel;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Sentiment;
import io.github.almeidatech.wppflow.router.Signal;
import io.github.almeidatech.wppflow.router.Utterance;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelCall.Protocol;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntentsTest {

    private static final Classification OFFLINE = new Classification(
            "general", 0.4, List.of("?"), Language.PT_BR, Set.of(Signal.URGENT), Sentiment.NEUTRAL, List.of("banho"));
    private static final List<Intent> INTENTS = List.of(
            Intent.STANDARD.get(0),
            Intent.STANDARD.get(2),
            new Intent("adoption", "Adopting an animal.", List.of(), List.of("quero adotar um gatinho")));

    private final ScriptedModel model = ScriptedModel.start();

    @AfterEach
    void close() {
        model.close();
    }

    private IntentModel intents(Protocol protocol) {
        var provider = protocol == Protocol.OPENAI ? Hotel.openAi(model) : Hotel.anthropic(model);
        return Hotel.models(provider.build()).build().intentModel(Hotel.TENANT).orElseThrow();
    }

    private static String choice(String intent, double confidence) {
        return "{\"intent\":\"" + intent + "\",\"confidence\":" + confidence + ",\"evidence\":[\"adotar\"]}";
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void the_model_chooses_among_the_intents_it_is_given(Protocol protocol) {
        model.next(choice("adoption", 0.93));

        var heard = intents(protocol)
                .classify(new Utterance("vi o Bolinha no site, posso levar?", List.of()), OFFLINE, INTENTS);

        assertThat(heard).hasValueSatisfying(each -> {
            assertThat(each.intent()).isEqualTo("adoption");
            assertThat(each.confidence()).isEqualTo(0.93);
            assertThat(each.evidence()).containsExactly("model: adotar");
            assertThat(each.signals()).as("signals stay ours").containsExactly(Signal.URGENT);
        });
    }

    @Test
    void it_is_told_what_the_intents_mean_and_what_was_said_before() {
        model.next(choice("adoption", 0.9));

        intents(Protocol.OPENAI)
                .classify(
                        new Utterance(
                                "e o preço?",
                                List.of("quero adotar", "um gatinho"),
                                Map.of("plano", "mensal", "cpf", "529.982.247-25")),
                        OFFLINE,
                        INTENTS);

        assertThat(model.calls().get(0).user())
                .contains(
                        "Adopting an animal.",
                        "quero adotar um gatinho",
                        "\"history\":[\"quero adotar\"",
                        "\"contact\":{",
                        "\"plano\":\"mensal\"",
                        "e o preço?")
                .doesNotContain("529.982");
        assertThat(model.calls().get(0).system()).doesNotContain("e o preço?", "gatinho");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"intent\":\"delete_everything\",\"confidence\":1,\"evidence\":[]}",
                "{\"intent\":\"sales\",\"confidence\":7,\"evidence\":[]}",
                "{\"intent\":\"sales\",\"confidence\":\"high\",\"evidence\":[]}",
                "{\"intent\":[\"sales\"],\"confidence\":0.9,\"evidence\":[]}",
                "{\"intent\":\"sales\",\"confidence\":0.9,\"evidence\":[],\"label\":\"vip\"}",
                "sales"
            })
    void what_is_not_a_choice_is_none(String words) {
        model.otherwise(ModelReply.text(words));

        assertThat(intents(Protocol.OPENAI).classify(Utterance.of("oi"), OFFLINE, INTENTS))
                .isEmpty();
        assertThat(model.calls()).hasSize(2);
    }

    @Test
    void evidence_is_short_and_in_one_line() {
        model.next("{\"intent\":\"sales\",\"confidence\":0.9,\"evidence\":[\"" + "a\\n".repeat(200)
                + "\",\"b\",\"c\",\"d\",7]}");

        var heard = intents(Protocol.OPENAI)
                .classify(Utterance.of("oi"), OFFLINE, INTENTS)
                .orElseThrow();

        assertThat(heard.evidence())
                .hasSize(3)
                .allSatisfy(each -> assertThat(each).hasSizeLessThan(140).doesNotContain("\n"));
    }

    @Test
    void a_refusal_is_no_choice() {
        model.otherwise(ModelReply.refusal("no"));

        assertThat(intents(Protocol.OPENAI).classify(Utterance.of("oi"), OFFLINE, INTENTS))
                .isEmpty();
    }

    @Test
    void with_an_empty_budget_the_offline_choice_stands_and_the_evidence_says_why() {
        var poor = ModelLimits.builder().tokensPerDay(5).build();
        var router = Router.builder()
                .model(Hotel.models(poor, Hotel.openAi(model).build())
                        .build()
                        .intentModel(Hotel.TENANT)
                        .orElseThrow())
                .askModelBelow(1.0)
                .build();

        var heard = router.classify(Utterance.of("quanto custa o banho?"));

        assertThat(heard.intent()).isEqualTo("sales");
        assertThat(heard.evidence()).contains("model: over_budget");
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void a_failure_is_told() {
        model.faults().always(request -> true, Fault.status(500));

        assertThat(catchThrowableOfType(
                                LlmException.class,
                                () -> intents(Protocol.OPENAI).classify(Utterance.of("oi"), OFFLINE, INTENTS))
                        .error())
                .isEqualTo(LlmError.SERVER_ERROR);
    }

    @Test
    void nothing_said_is_nothing_asked() {
        assertThat(intents(Protocol.OPENAI).classify(Utterance.of("  "), OFFLINE, INTENTS))
                .isEmpty();
        assertThat(intents(Protocol.OPENAI).classify(Utterance.of("oi"), OFFLINE, List.of()))
                .isEmpty();
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void a_long_conversation_is_cut() {
        model.next(choice("sales", 0.9));

        intents(Protocol.OPENAI)
                .classify(
                        new Utterance("x".repeat(100_000), Collections.nCopies(100, "y".repeat(9_000))),
                        OFFLINE,
                        INTENTS);

        assertThat(model.requests().get(0).body().length()).isLessThan(12_000);
    }

    @Test
    void a_cheaper_model_may_tell_intents_apart() {
        model.next(choice("sales", 0.9));
        var models = Hotel.models(
                        Hotel.openAi(model).intentModel("gpt-4.1-nano").build())
                .build();

        models.intentModel(Hotel.TENANT).orElseThrow().classify(Utterance.of("oi"), OFFLINE, INTENTS);

        assertThat(model.calls().get(0).model()).isEqualTo("gpt-4.1-nano");
    }

    @Test
    void a_tenant_without_models_has_no_intent_model() {
        assertThat(LanguageModels.builder().build().intentModel(new TenantId("nobody")))
                .isEmpty();
    }

    @Test
    void the_router_asks_it_when_it_is_not_sure_itself() {
        model.otherwise(ModelReply.text(choice("support", 1)));
        var router = Router.builder()
                .model(intents(Protocol.OPENAI))
                .askModelBelow(1.0)
                .build();

        var heard = router.classify(Utterance.of("aquilo lá de ontem"));

        assertThat(heard.intent()).isEqualTo("support");
        assertThat(heard.evidence()).contains("model: adotar");
    }

    @Test
    void the_router_goes_on_without_it_when_it_fails() {
        model.faults().always(request -> true, Fault.status(500));
        var router = Router.builder()
                .model(intents(Protocol.OPENAI))
                .askModelBelow(1.0)
                .build();

        assertThat(router.classify(Utterance.of("quanto custa o banho?")).evidence())
                .contains("model: server_error");
    }
}
