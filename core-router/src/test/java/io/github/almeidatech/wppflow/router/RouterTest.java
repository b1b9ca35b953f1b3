package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.ErrorCode;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.router.Router.RouteSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final RouteSettings SALES =
            new RouteSettings(Mode.DRAFT, "comercial", 3L, List.of(7L, 9L), List.of("quente"));

    private final Router plain = Router.builder().build();

    @Test
    void an_intent_leads_to_its_bot_and_labels() {
        Route route = plain.route(plain.classify(Utterance.of("quanto custa o banho?")));

        assertThat(route.intent()).isEqualTo("sales");
        assertThat(route.bot()).isEqualTo("vendas");
        assertThat(route.labels()).containsExactly("intencao_sales", "agent_vendas");
        assertThat(route.mode()).isEqualTo(Mode.AUTO);
        assertThat(route.teamId()).isNull();
    }

    @Test
    void a_tenant_changes_bot_labels_and_mode_of_an_intent() {
        Router router = Router.builder().route("sales", SALES).build();

        Route route = router.route("sales");

        assertThat(route.bot()).isEqualTo("comercial");
        assertThat(route.labels()).containsExactly("intencao_sales", "agent_comercial", "quente");
        assertThat(router.modeOf("sales")).isEqualTo(Mode.DRAFT);
        assertThat(router.modeOf("support")).isEqualTo(Mode.AUTO);
    }

    @Test
    void team_and_agent_are_left_to_chatwoot_unless_assigned_automatically() {
        Route left = Router.builder().route("sales", SALES).build().route("sales");
        Route assigned =
                Router.builder().route("sales", SALES).autoAssign(true).build().route("sales");

        assertThat(left.teamId()).isNull();
        assertThat(left.agentIds()).isEmpty();
        assertThat(assigned.teamId()).isEqualTo(3);
        assertThat(assigned.agentIds()).containsExactly(7L, 9L);
    }

    @Test
    void what_nobody_is_sure_of_goes_to_the_default_intent() {
        Router router =
                Router.builder().defaultIntent("support").minConfidence(1).build();

        Classification heard = router.classify(Utterance.of("quanto custa o banho?"));

        assertThat(heard.intent()).isEqualTo("support");
        assertThat(heard.evidence()).last().asString().contains("less sure of sales");
    }

    @Test
    void settings_that_cannot_work_are_refused() {
        assertThatThrownBy(() -> Router.builder().defaultIntent("vendas").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vendas");
        assertThatThrownBy(() -> Router.builder().route("vendas", SALES).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vendas");
        assertThatThrownBy(() -> Router.builder().minConfidence(1.5).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Router.builder().minConfidence(Double.NaN).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Intent("Meu Intento", "", List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_model_is_asked_only_where_the_offline_result_is_not_sure_enough() {
        var asked = new AtomicInteger();
        Router.Builder builder = Router.builder().model((utterance, offline, intents) -> {
            asked.incrementAndGet();
            return Optional.of(offline.as("appointment", 1, List.of("model")));
        });
        Utterance price = Utterance.of("quanto custa o banho?");
        double sure = plain.classify(price).confidence();

        Classification offline = builder.askModelBelow(sure).build().classify(price);
        Classification byModel =
                builder.askModelBelow(Math.nextUp(sure)).build().classify(price);

        assertThat(offline.intent()).isEqualTo("sales");
        assertThat(byModel.intent()).isEqualTo("appointment");
        assertThat(byModel.evidence()).containsExactly("model");
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_model_that_fails_or_answers_nonsense_leaves_the_offline_result() {
        Utterance price = Utterance.of("quanto custa o banho?");
        Classification offline = plain.classify(price);

        Classification none = always((u, o, i) -> Optional.empty()).classify(price);
        Classification unknown =
                always((u, o, i) -> Optional.of(o.as("pizza", 1, List.of()))).classify(price);
        Classification doubtful = always((u, o, i) -> Optional.of(o.as("general", 0.3, List.of())))
                .classify(price);
        Classification failed = always((u, o, i) -> {
                    throw new FlowException(Down.DOWN, "asking", null);
                })
                .classify(price);

        assertThat(List.of(none, unknown, doubtful, failed))
                .extracting(Classification::intent)
                .containsOnly(offline.intent());
        assertThat(none.evidence()).contains("model: no valid answer");
        assertThat(failed.evidence()).contains("model: ERR_LLM_API");
        assertThat(failed.confidence()).isEqualTo(offline.confidence());
    }

    @Test
    void a_model_that_disagrees_is_followed_only_when_it_is_surer() {
        Utterance price = Utterance.of("quanto custa o banho?");
        double sure = plain.classify(price).confidence();

        Classification less = always((u, o, i) -> Optional.of(o.as("support", sure - 0.01, List.of("model"))))
                .classify(price);
        Classification agreeing = always((u, o, i) -> Optional.of(o.as("sales", sure - 0.01, List.of("model"))))
                .classify(price);

        assertThat(less.intent()).isEqualTo("sales");
        assertThat(less.confidence()).isEqualTo(sure);
        assertThat(less.evidence()).contains("model: support, not sure enough");
        assertThat(agreeing.evidence()).containsExactly("model");
    }

    @Test
    void no_model_is_asked_where_the_intent_changes_nothing() {
        var asked = new AtomicInteger();
        Router router = always((utterance, offline, intents) -> {
            asked.incrementAndGet();
            return Optional.empty();
        });

        List.of("oi, bom dia", "obrigada!", "parem de me mandar mensagem", "quero falar com um atendente")
                .forEach(text -> router.classify(Utterance.of(text)));

        assertThat(asked).hasValue(0);
    }

    private static Router always(IntentModel model) {
        return Router.builder().model(model).askModelBelow(2).minConfidence(0.4).build();
    }

    @Test
    void the_model_sees_the_intents_with_their_descriptions() {
        var seen = new ArrayList<Intent>();
        Router router = Router.builder()
                .intent(new Intent(
                        "adoption", "To adopt an animal.", List.of("adotar"), List.of("quero adotar um gato")))
                .model((utterance, offline, intents) -> {
                    seen.addAll(intents);
                    return Optional.empty();
                })
                .askModelBelow(2)
                .build();

        router.classify(Utterance.of("tem gatinho?"));

        assertThat(seen)
                .extracting(Intent::name)
                .containsExactly("sales", "support", "appointment", "general", "adoption");
        assertThat(seen).extracting(Intent::description).contains("To adopt an animal.");
    }

    @Test
    void impatience_ends_the_quiet_time() {
        assertThat(plain.flushesAtOnce("quero um atendente")).isTrue();
        assertThat(plain.flushesAtOnce("URGENTE")).isTrue();
        assertThat(plain.flushesAtOnce("não é urgente")).isFalse();
        assertThat(plain.flushesAtOnce("oi")).isFalse();
        assertThat(plain.flushesAtOnce("")).isFalse();
    }

    @Test
    void texts_do_not_show_in_logs() {
        var utterance = new Utterance("meu nome é Fulana", List.of("antes"));

        assertThat(utterance).hasToString("Utterance[17 characters, 1 before]");
        assertThat(plain.classify(utterance).toString()).doesNotContain("ulana");
    }

    @Test
    void a_classification_must_be_possible() {
        Classification heard = plain.classify(Utterance.of("oi"));

        assertThatThrownBy(() -> heard.as(" ", 0.5, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> heard.as("sales", 1.1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> heard.as("sales", Double.NaN, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private enum Down implements ErrorCode {
        DOWN;

        @Override
        public String code() {
            return "ERR_LLM_API";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }
}
