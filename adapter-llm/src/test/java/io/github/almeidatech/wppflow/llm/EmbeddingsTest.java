package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.almeidatech.wppflow.knowledge.Embedder;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {

    private final ScriptedModel model = ScriptedModel.start();

    @AfterEach
    void close() {
        model.close();
    }

    private ProviderSettings.Builder provider() {
        return Hotel.openAi(model).embeddingModel("text-embedding-3-small");
    }

    private Embedder embedder() {
        return Hotel.models(provider().build()).build().embedder(Hotel.TENANT).orElseThrow();
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void each_text_gets_its_own_vector_although_the_answer_has_another_order() {
        List<float[]> vectors =
                embedder().embed(Hotel.PAYER, List.of("banho de cachorro", "vacina de gato", "banho de cachorro"));

        assertThat(vectors).hasSize(3);
        assertThat(cosine(vectors.get(0), vectors.get(2))).isCloseTo(1, within(1e-5));
        assertThat(cosine(vectors.get(0), vectors.get(1))).isLessThan(0.9);
    }

    @Test
    void every_vector_has_length_one() throws Exception {
        model.faults().next(1, request -> true, answer("[{\"index\":0,\"embedding\":[3,4]}]"));

        assertThat(embedder().embed(Hotel.PAYER, List.of("x")).get(0)).containsExactly(0.6f, 0.8f);
    }

    @Test
    void vectors_may_come_as_bytes() {
        model.faults().next(1, request -> true, answer("[{\"index\":0,\"embedding\":\"AABAQAAAgEA=\"}]"));

        assertThat(embedder().embed(Hotel.PAYER, List.of("x")).get(0)).containsExactly(0.6f, 0.8f);
    }

    private static Fault answer(String data) {
        return Fault.answer(200, "application/json", "{\"object\":\"list\",\"data\":" + data + "}");
    }

    @Test
    void many_texts_go_in_batches_and_keep_their_order() {
        var texts = IntStream.range(0, 150).mapToObj(i -> "palavra" + i).toList();

        List<float[]> vectors = embedder().embed(Hotel.PAYER, texts);

        assertThat(vectors).hasSize(150);
        assertThat(model.calls())
                .extracting(call -> call.body().path("input").size())
                .containsExactly(64, 64, 22);
        assertThat(cosine(
                        vectors.get(149),
                        embedder().embed(Hotel.PAYER, List.of("palavra149")).get(0)))
                .isCloseTo(1, within(1e-5));
    }

    @Test
    void long_texts_make_smaller_batches_and_are_cut() {
        var texts = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            texts.add("x".repeat(80_000));
        }

        assertThat(embedder().embed(Hotel.PAYER, texts)).hasSize(20);
        assertThat(model.calls()).hasSize(2);
        assertThat(model.calls().get(0).body().path("input").get(0).asText().length())
                .isLessThanOrEqualTo(16_000);
    }

    @Test
    void a_customers_numbers_stay_here() {
        embedder().embed(Hotel.PAYER, List.of("meu cpf é 529.982.247-25, qual o preço?"));

        assertThat(model.calls().get(0).body().path("input").get(0).asText())
                .isEqualTo("meu cpf é [CPF], qual o preço?");
    }

    @Test
    void an_empty_text_does_not_spoil_the_batch() {
        assertThat(embedder().embed(Hotel.PAYER, List.of("banho", " ", ""))).hasSize(3);
    }

    @Test
    void no_texts_no_call() {
        assertThat(embedder().embed(Hotel.PAYER, List.of())).isEmpty();
        assertThat(model.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "[{\"index\":0,\"embedding\":[1,0]}]",
                "[{\"index\":0,\"embedding\":[1,0]},{\"index\":0,\"embedding\":[1,0]}]",
                "[{\"index\":0,\"embedding\":[1,0]},{\"index\":2,\"embedding\":[1,0]}]",
                "[{\"index\":0,\"embedding\":[1,0]},{\"index\":-1,\"embedding\":[1,0]}]",
                "[{\"index\":0,\"embedding\":[1,0]},{\"index\":1,\"embedding\":[1,0,0]}]",
                "[{\"index\":0,\"embedding\":[1,0]},{\"index\":1,\"embedding\":[]}]",
                "[{\"index\":0,\"embedding\":[1,0]},{\"index\":1,\"embedding\":[0,0]}]",
                "[{\"index\":0,\"embedding\":[1,0]},{\"index\":1,\"embedding\":[\"a\",0]}]",
                "[{\"index\":0,\"embedding\":[1,0]},{\"index\":1,\"embedding\":\"!!\"}]"
            })
    void vectors_that_do_not_fit_the_texts_are_refused(String data) {
        model.faults().always(request -> true, answer(data));

        assertThat(catchThrowableOfType(LlmException.class, () -> embedder().embed(Hotel.PAYER, List.of("a", "b")))
                        .error())
                .isEqualTo(LlmError.UNREADABLE_ANSWER);
    }

    @Test
    void a_failure_that_passes_is_repeated() {
        model.faults().next(1, request -> true, Fault.status(503));

        assertThat(embedder().embed(Hotel.PAYER, List.of("banho"))).hasSize(1);
    }

    @Test
    void only_the_very_same_model_stands_in_for_another() {
        model.faults().always(request -> request.body().contains("3-small"), Fault.status(500));
        var other = Hotel.openAi(model).embeddingModel("text-embedding-3-large").build();
        var models = Hotel.models(provider().build(), other).build();

        assertThat(catchThrowableOfType(
                                LlmException.class,
                                () -> models.embedder(Hotel.TENANT)
                                        .orElseThrow()
                                        .embed(Hotel.PAYER, List.of("banho")))
                        .error())
                .isEqualTo(LlmError.SERVER_ERROR);
        assertThat(model.calls()).extracting(ModelCall::model).isEmpty();
    }

    @Test
    void a_tenant_without_an_embedding_model_has_no_embedder() {
        assertThat(Hotel.models(Hotel.openAi(model).build()).build().embedder(Hotel.TENANT))
                .isEmpty();
    }
}
