package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroundingTest {

    private static final List<String> EVIDENCE = List.of(
            "A diária custa R$ 85 até 10 kg, das 8h às 18h30, com três passeios. Banho de R$ 40 a R$ 60. Pacote 1.450 reais.",
            "Dois pets: 12,5% de desconto. Ligue (19) 4000-0000, escreva a oi@hotel.example ou veja www.hotel.example/reserva.",
            "Luzes entre R$ 380 e 750, sessão de 4 a 6 horas.");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Custa R$ 85,00, das 08:00 às 18:30.",
                "Custa 85 reais até 10kg.",
                "Abrimos às 8 e fechamos às 6:30 pm.",
                "São 3 passeios para 2 pets.",
                "O pacote sai por R$ 1.450,00 ou R$ 1450.",
                "12.5% de desconto: 12,50 %",
                "Ligue +55 19 4000-0000 ou (19) 40000000.",
                "Veja https://hotel.example/reserva/.",
                "Escreva a OI@hotel.example!",
                "1. Reserve\n2. Pague [1]",
                "Sem nenhum número.",
                "Luzes até R$ 750.",
                ""
            })
    void facts_that_stand_in_the_passages_hold_in_any_notation(String answer) {
        assertThat(Grounding.of(answer, EVIDENCE).unsupported()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Custa R$ 95. | R$ 95",
                "Custa 86 reais. | 86 reais",
                "Custa R$ 10. | R$ 10",
                "Abre às 9h. | 9h",
                "Fecha às 18:45. | 18:45",
                "Fecha às 7 pm. | 7 pm",
                "Tem 15% de desconto. | 15%",
                "São cinco passeios. | cinco",
                "Ligue (19) 4000-0001. | (19) 4000-0001",
                "Veja https://evil.example/x?y=1. | https://evil.example/x?y=1",
                "Veja bit.ly/abc. | bit.ly/abc",
                "Escreva a outro@hotel.example. | outro@hotel.example",
                "Até 31/12/2030. | 31"
            })
    void facts_that_no_passage_states_are_named(String answer, String fact) {
        var grounding = Grounding.of(answer, EVIDENCE);

        assertThat(grounding.holds()).isFalse();
        assertThat(grounding.unsupported()).contains(fact);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Abrimos de segunda a sexta. | Abrimos na quarta e na quinta-feira.",
                "Fechamos domingos e feriados; sábado até as 13h. | Domingo não abrimos, sábado sim. No fim de semana, só sábado.",
                "Todos os dias, das 8 às 18h. | Sim, no domingo também. Todos os dias!",
                "Monday to Saturday. | We are open on Wednesday.",
                "De lunes a viernes. | Abrimos el miércoles.",
                "Dias úteis, das 8 às 18h. | Na terça, sim.",
                "Seg. a sex. 8h às 18h, sáb 8h às 12h, dom: fechado. | De segunda a sexta, e sábado até 12h; domingo não.",
                "Ter: 9 às 12h, qui 14:00 às 18:00. | Terça de manhã e quinta à tarde.",
                "Mon–Sat 8am to 6pm. | We are open on Saturday.",
                "Emergência: 24h. | No domingo também.",
                "Aberto 7 dias por semana. | No domingo também.",
                "Traga a segunda via. | A segunda via basta; a quarta parcela também.",
                "A avaliação não é cobrada. | A avaliação é gratuita.",
                "O café está incluso. | O café é grátis.",
                "Remédios são dados sem custo. O banho custa R$ 55. | Os remédios são gratuitos, o banho custa R$ 55.",
                "A diária custa R$ 80. | A diária não é gratuita, custa 80 reais.",
                "São 80 sachês, R$ 200. | São oitenta sachês por duzentos reais.",
                "Our gluten-free menu. | Feel free to ask for the gluten-free menu."
            })
    void what_is_claimed_in_words_holds_when_a_passage_states_it(String passage, String answer) {
        assertThat(Grounding.of(answer, List.of(passage)).unsupported()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Abrimos de segunda a sexta. | Sim, abrimos aos domingos. | domingos",
                "Abrimos de segunda a sexta. | Abrimos todos os dias. | todos os dias",
                "Abrimos sábado. | Abrimos no fim de semana. | fim de semana",
                "Fechamos às segundas. | Pode vir na quinta. | quinta",
                "Monday to Friday. | We are open on Saturday. | Saturday",
                "Precisa ter: RG e mais de 18 anos; pode ter 2 cães. | Abrimos na terça. | terça",
                "O café não está incluso. | O café é grátis. | grátis",
                "Seg-sex 8h às 18h. | Abrimos no sábado. | sábado",
                "Pode ter taxa de 10% até 24 horas antes; a troca é em 7 dias. | Abrimos no domingo. | domingo",
                "A diária custa R$ 80. | A diária é gratuita. | gratuita",
                "A entrega não é gratuita. | A entrega é gratuita. | gratuita",
                "Delivery is not free. | Delivery is free! | free",
                "A diária custa R$ 80. | Para você sai de graça! | de graça",
                "A diária custa R$ 80. | It is free. | free",
                "Os remédios são dados sem custo. | O banho é gratuito. | gratuito",
                "A diária custa R$ 80. | Custa setenta reais. | setenta"
            })
    void what_is_claimed_in_words_and_stated_nowhere_is_named(String passage, String answer, String claim) {
        assertThat(Grounding.of(answer, List.of(passage)).unsupported()).containsExactly(claim);
    }

    @Test
    void each_fact_is_named_once_in_order() {
        assertThat(Grounding.of("R$ 1, 9h, R$ 1 e 33%", List.of()).unsupported())
                .containsExactly("R$ 1", "9h", "33%");
    }

    @Test
    void a_very_long_answer_takes_no_more_than_linear_time() {
        String long1 = "1".repeat(50_000) + " ".repeat(1_000) + "a.".repeat(50_000) + "@".repeat(10_000);

        assertThat(Grounding.of(long1, List.of("x")).holds()).isFalse();
    }
}
