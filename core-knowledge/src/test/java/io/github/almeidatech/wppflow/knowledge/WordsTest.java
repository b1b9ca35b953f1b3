package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Language;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

    private final Words words = new Words();

    @Test
    void chat_abbreviations_are_written_out() {
        assertThat(texts("qto custa p/ 2 dias hj? kkkkk rsrs"))
                .containsExactly("quanto", "custa", "para", "2", "dia", "hoje");
    }

    @Test
    void case_accents_stretching_and_styled_letters_do_not_matter() {
        assertThat(texts("PREÇOOOO 𝗽𝗿𝗲ç𝗼 preco")).containsExactly("preco", "preco", "preco");
    }

    @ParameterizedTest
    @CsvSource({
        "gatos, gato",
        "animais, animal",
        "promocoes, promocao",
        "paes, pao",
        "homens, homem",
        "flores, flor",
        "vezes, vez",
        "meses, mes",
        "hoteis, hotel",
        "gratis, gratis",
        "onibus, onibus",
        "mais, mais",
        "2s, 2s"
    })
    void singular_and_plural_are_one(String plural, String singular) {
        assertThat(Stemmer.singular(plural)).isEqualTo(singular);
    }

    @ParameterizedTest
    @CsvSource({
        "PT_BR, cancelar cancelamento cancelo cancelei cancelação cancelado",
        "PT_BR, vacinas vacinação vacinado vacinar",
        "PT_BR, esterilizado esterilização esterilizar",
        "EN, cancel cancelled cancelling cancels",
        "ES, cancelar cancelan cancelado"
    })
    void forms_of_a_word_share_their_stem(Language language, String forms) {
        assertThat(words.read(forms, language).stream().map(Token::stem).distinct())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quanto custa a diária? | PT_BR",
                "how much is it per night? | EN",
                "¿puedo pagar con tarjeta? | ES",
                "tienen estacionamiento para los clientes | ES",
                "pix | PT_BR",
                "where are you located | EN"
            })
    void the_language_shows_in_the_commonest_words(String text, Language language) {
        assertThat(words.languageOf(text)).isEqualTo(language);
    }

    @Test
    void greetings_and_small_words_are_fillers_and_everyday_verbs_light() {
        assertThat(words.read("oi, vocês fazem tosa?", Language.PT_BR))
                .extracting(Token::weight)
                .containsExactly(Token.Weight.FILLER, Token.Weight.FILLER, Token.Weight.LIGHT, Token.Weight.CONTENT);
    }

    @Test
    void words_without_end_are_cut() {
        assertThat(texts("ab".repeat(5_000)).get(0)).hasSize(60);
    }

    private List<String> texts(String text) {
        return words.read(text, Language.PT_BR).stream().map(Token::word).toList();
    }

    @Test
    void several_texts_are_read_as_each_by_itself() {
        List<String> texts = List.of("quanto custa", "", "os gatinhos da Ana");

        assertThat(words.readAll(texts, Language.PT_BR))
                .containsExactlyElementsOf(texts.stream()
                        .map(text -> words.read(text, Language.PT_BR))
                        .toList());
    }
}
