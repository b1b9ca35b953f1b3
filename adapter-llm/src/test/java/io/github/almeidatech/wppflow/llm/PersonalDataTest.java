package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {

    @ParameterizedTest
    @CsvSource({
        "meu cpf é 529.982.247-25 tá, meu cpf é [CPF] tá",
        "cpf 52998224725, cpf [CPF]",
        "CNPJ 11.222.333/0001-81., CNPJ [CNPJ].",
        "cnpj 11222333000181, cnpj [CNPJ]",
        "cartão 4111 1111 1111 1111 val 12/30, cartão [card] val 12/30",
        "5500-0000-0000-0004, [card]",
        "manda pra ana.souza+pet@example.com.br por favor, manda pra [e-mail] por favor"
    })
    void what_no_model_needs_is_left_out(String said, String sent) {
        assertThat(PersonalData.masked(said)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "me liga no 11987654321",
                "+55 11 98765-4321",
                "pedido 12345678901",
                "111.111.111-11",
                "0000000000000000",
                "4111 1111 1111 1112",
                "R$ 1.234,56 em 3x de 411,52",
                "dia 12/03/2026 às 14:30",
                "a $1 b \\1"
            })
    void what_only_looks_like_it_stays(String said) {
        assertThat(PersonalData.masked(said)).isEqualTo(said);
    }

    @Test
    void a_tenant_decides_whether_it_is_left_out() {
        try (var model = ScriptedModel.start().otherwise(ModelReply.text(Hotel.noAnswer()))) {
            var said = new AnswerWriter.Request(
                    Payer.of(Hotel.CONVERSATION, "t"),
                    "meu cpf 529.982.247-25 serve?",
                    List.of(new AnswerWriter.Line(true, "sou ana@example.com")),
                    List.of(Hotel.PRICES),
                    Language.PT_BR,
                    Hotel.STYLE);
            for (boolean masking : new boolean[] {true, false}) {
                var settings = new ModelSettings(
                        List.of(Hotel.openAi(model).build()), Language.PT_BR, ModelLimits.DEFAULT, masking);
                LanguageModels.builder()
                        .tenant(Hotel.TENANT, settings)
                        .build()
                        .answerWriter()
                        .write(said);
            }

            assertThat(model.calls().get(0).user())
                    .contains("[CPF]", "[e-mail]")
                    .doesNotContain("529.982");
            assertThat(model.calls().get(1).user()).contains("529.982.247-25", "ana@example.com");
        }
    }
}
