package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionSplitterTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final KnowledgeBase BASE = KnowledgeBase.inMemory();

    @BeforeAll
    static void know() {
        BASE.put(TENANT, List.of(new Document("levar", "O que levar", "Traga a ração e a coleira.", null)));
    }

    @AfterAll
    static void close() {
        BASE.close();
    }

    /** A slash parts messages, two bars the questions that are expected. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
                    e gato? / vcs aceitam pix / qual o endereço > e gato? || vcs aceitam pix || qual o endereço
                    vcs hospedam cachorro / e gato > vcs hospedam cachorro || e gato
                    oi / bom dia / vcs aceitam pix? / onde fica? obrigada > vcs aceitam pix? || onde fica?
                    aceita pix e qual o endereço? > aceita pix || e qual o endereço?
                    qual o valor do banho? vcs buscam em casa? > qual o valor do banho? || vcs buscam em casa?
                    qual o valor da diária, que horas vocês abrem e onde fica? > qual o valor da diária || que horas vocês abrem || e onde fica?
                    quero agendar um banho / qual o endereço? > quero agendar um banho || qual o endereço?
                    queria saber o endereço / e as formas de pagamento? > queria saber o endereço || e as formas de pagamento?
                    do you take cats? / how much is it for a dog / where are you located > do you take cats? || how much is it for a dog || where are you located
                    ¿aceptan tarjeta? ¿dónde están? > ¿aceptan tarjeta? || ¿dónde están?
                    vcs aceitam pix? / moro em Campinas / vcs entregam aqui? > vcs aceitam pix? || moro em Campinas / vcs entregam aqui?
                    minha cachorra toma remédio, vcs dão? e qual o endereço? > minha cachorra toma remédio / vcs dão? || e qual o endereço?
                    qual o valor da diária. aceitam gato também? > qual o valor da diária || aceitam gato também?
                    que horas vocês abrem? o estacionamento é grátis? > que horas vocês abrem? || o estacionamento é grátis?
                    abrem sábado? e à noite? qual o endereço? > abrem sábado? || e à noite? || qual o endereço?
                    qual o endereço? o que preciso levar? vcs aceitam pix? > qual o endereço? || o que preciso levar? || vcs aceitam pix?
                    qual o endereço? / tem vaga pra sábado? / meu dog é grande > qual o endereço? || tem vaga pra sábado? / meu dog é grande
                    o que preciso levar e até que horas abre > o que preciso levar || e até que horas abre
                    quanto custa o banho e fica pronto quando? > quanto custa o banho || e fica pronto quando?
                    quero saber se tem piscina, se tem câmera e se posso visitar > quero saber se tem piscina || se tem câmera || e se posso visitar
                    queria reservar um quarto e saber se posso levar o gato > queria reservar um quarto || e saber se posso levar o gato
                    tem táxi dog e dá pra pagar no pix? > tem táxi dog || e dá pra pagar no pix?
                    vocês buscam em casa, é de graça? > vocês buscam em casa || é de graça?
                    meu dente quebrou, tem como encaixar hoje e quanto é? > meu dente quebrou / tem como encaixar hoje || e quanto é?
                    quais planos vocês têm e a instalação é grátis? > quais planos vocês têm || e a instalação é grátis?
                    preciso lavar os pratos e se quebrar algum? > preciso lavar os pratos || e se quebrar algum?
                    quanto custa o sofá e vocês retiram o velho > quanto custa o sofá || e vocês retiram o velho
                    onde vcs ficam e qto custa o transfer > onde vcs ficam || e qto custa o transfer
                    quais vacinas pedem? / tenho um gato de 3 anos / qual o preço da diária? > quais vacinas pedem? || tenho um gato de 3 anos / qual o preço da diária?
                    """)
    void each_question_of_a_burst_is_one_of_its_own(String said, String expected) {
        List<String> wanted = List.of(expected.strip().split("\\s*\\|\\|\\s*")).stream()
                .map(QuestionSplitterTest::lines)
                .toList();

        assertThat(BASE.questions(TENANT, lines(said))).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "oi / bom dia / tudo bem?",
                "oi / quanto custa / a diária pro meu cachorro?",
                "vou viajar em maio / tenho dois gatos / vcs hospedam?",
                "tenho um pinscher de 3kg / quanto fica a diária?",
                "quero agendar um banho / quanto custa?",
                "tem vaga pra sábado? / meu dog é grande",
                "qual o valor? / do banho",
                "qual o valor do banho e da tosa?",
                "vocês dão banho e tosa?",
                "minha cachorra toma remédio, vcs dão?",
                "minha cachorra é idosa e tem diabetes, vocês aplicam insulina?",
                "quando eu viajo, vocês ficam com o gato?",
                "como ele é idoso, precisa de atestado?",
                "tem veterinário aí? pq meu dog é idoso",
                "vcs estragaram minha blusa",
                "quando eu chegar aí vocês buscam a mala?",
                "quanto custa ??? 🙏",
                "vi no site, gostei muito, e queria deixar minha gata aí em julho"
            })
    void what_only_makes_sense_together_stays_one_question(String said) {
        assertThat(BASE.questions(TENANT, lines(said))).containsExactly(lines(said));
    }

    @Test
    void an_endless_message_is_split_as_far_as_it_is_read() {
        assertThat(BASE.questions(TENANT, "qual o endereço?\n".repeat(500))).hasSizeBetween(2, 200);
    }

    private static String lines(String said) {
        return said.strip().replaceAll("\\s*/\\s*", "\n");
    }
}
