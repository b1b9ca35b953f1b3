package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Language;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClassificationTest {

    private final Router router = Router.builder().build();

    private Classification heard(String text, String... before) {
        return router.classify(new Utterance(text, List.of(before)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sales | qnto fica p tosar um poodle",
                "sales | QUANTO CUSTA A DIÁRIA???",
                "sales | quantooo custaaa",
                "sales | não quero agendar, só saber o preço",
                "support | chegou quebrado e ninguém responde",
                "support | não é pra marcar, quero saber do meu pedido que não chegou",
                "appointment | da pra marcar hj as 15h?",
                "appointment | preciso desmarcar amanhã",
                "general | kkkkk",
                "general | onde vcs ficam",
            })
    void the_spelling_of_whatsapp_is_understood(String intent, String text) {
        assertThat(heard(text).intent()).isEqualTo(intent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sales | quanto custa a diária? | e pra gato?",
                "sales | qual o valor da progressiva? | e com hidratação?",
                "appointment | queria marcar um banho pro Thor | e na sexta?",
                "appointment | tem horário amanhã às 10? | de tarde",
                "support | meu pedido não chegou | e o outro?",
                "appointment | vocês têm horário sexta de manhã? | sim",
            })
    void a_message_that_leans_on_the_one_before_is_understood_with_it(String intent, String before, String text) {
        Classification heard = heard(text, "oi", before);

        assertThat(heard.intent()).isEqualTo(intent);
        assertThat(heard.evidence()).contains("with the message before");
    }

    @Test
    void a_new_topic_is_not_drowned_by_the_one_before() {
        assertThat(heard("meu pedido chegou quebrado", "quanto custa a diária?").intent())
                .isEqualTo("support");
        assertThat(heard("obrigada", "quanto custa a diária?").intent()).isEqualTo("general");
        assertThat(heard("onde vocês ficam?", "quero marcar um horário").intent())
                .isEqualTo("general");
    }

    @Test
    void a_decision_names_its_evidence() {
        Classification heard = heard("Oi, quanto custa a hospedagem?");

        assertThat(heard.evidence()).isNotEmpty();
        assertThat(heard.evidence()).anySatisfy(reason -> assertThat(reason).contains("\"quanto\""));
        assertThat(heard.evidence()).allSatisfy(reason -> assertThat(reason).startsWith("sales: "));
    }

    @Test
    void keywords_carry_the_topic() {
        assertThat(heard("oi, vocês fazem hospedagem de gato no natal?").keywords())
                .contains("hospedagem")
                .doesNotContain("voces", "de", "oi");
        assertThat(heard("qual o preço da diária").keywords()).containsExactly("preco", "diaria");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT_BR | oi",
                "PT_BR | quanto custa",
                "PT_BR | voces tem horario hoje",
                "PT_BR | 👍",
                "PT_BR | 123",
                "PT_BR | nao chegou",
                "PT_BR | obg",
                "PT_BR | por que?",
                "PT_BR | alô?",
                "EN | hello",
                "EN | how much is it?",
                "EN | do you have openings tomorrow",
                "EN | thanks!",
                "EN | where's my order",
                "ES | hola",
                "ES | gracias",
                "ES | cuanto cuesta el corte",
                "ES | ¿dónde están?",
                "ES | quiero un turno para mañana",
                "ES | necesito cancelar mi cita",
            })
    void the_language_of_short_messages_is_told(Language language, String text) {
        assertThat(heard(text).language()).isEqualTo(language);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void what_tells_no_language_is_of_the_usual_one(Language usual) {
        Router router = Router.builder().language(usual).build();

        for (String text : List.of("ok", "👍", "123", "?", "hotel")) {
            assertThat(router.classify(Utterance.of(text)).language()).as(text).isEqualTo(usual);
        }
        assertThat(router.classify(Utterance.of("bom dia, quanto custa a diária?"))
                        .language())
                .isEqualTo(Language.PT_BR);
        assertThat(router.classify(Utterance.of("how much is a night?")).language())
                .isEqualTo(Language.EN);
        assertThat(router.classify(Utterance.of("buenos días, ¿cuánto cuesta?")).language())
                .isEqualTo(Language.ES);
    }

    @Test
    void nothing_is_understood_of_nothing() {
        for (String text : List.of("", " ", "\n", ".", "\u0000", "\uD83D")) {
            Classification heard = heard(text);

            assertThat(heard.confidence()).isBetween(0.0, 1.0);
            assertThat(heard.signals()).isEmpty();
        }
    }

    @Test
    void whatever_comes_is_classified_the_same_way_each_time() {
        for (long seed = 0; seed < 300; seed++) {
            String text = randomText(new Random(seed));

            Classification once = heard(text, text);
            Classification twice = heard(text, text);

            assertThat(once).as("seed %d", seed).isEqualTo(twice);
            assertThat(once.confidence()).as("seed %d", seed).isBetween(0.25, 1.0);
        }
    }

    private static String randomText(Random random) {
        var text = new StringBuilder();
        String[] words = {
            "oi", "quero", "não", "R$ 50", "às 15h", "👍🏽", "12/10", "d'água", "ção", "e\u0301", "ﷺ", "\n", "??",
            "10x", "مرحبا"
        };
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            if (random.nextInt(4) == 0) {
                text.appendCodePoint(random.nextInt(0x11_0000));
            } else {
                text.append(words[random.nextInt(words.length)]);
            }
            text.append(random.nextBoolean() ? " " : "");
        }
        return text.toString();
    }

    @Test
    void a_novel_is_read_in_bounded_time() {
        String novel = "oi quanto custa " + "blá blá ".repeat(200_000) + " marcar horário";

        long start = System.nanoTime();
        Classification heard = heard(novel);

        assertThat(heard.confidence()).isPositive();
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }
}
