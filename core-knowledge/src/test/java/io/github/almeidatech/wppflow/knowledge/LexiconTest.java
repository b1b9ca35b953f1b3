package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Language;
import java.util.List;
import org.junit.jupiter.api.Test;

class LexiconTest {

    private final Words words = new Words();
    private final Lexicon lexicon = new Lexicon(words);

    @Test
    void words_of_three_languages_name_the_same_concept() {
        assertThat(concepts("gatinho", Language.PT_BR)).contains("gato");
        assertThat(concepts("kitten", Language.EN)).contains("filhote");
        assertThat(concepts("cats", Language.EN)).contains("gato");
        assertThat(concepts("felino", Language.ES)).contains("gato");
    }

    @Test
    void concepts_have_wider_and_related_ones() {
        assertThat(lexicon.wider("gato")).containsExactly("animal");
        assertThat(lexicon.related("transito")).contains("atraso");
        assertThat(lexicon.wider("nothing")).isEmpty();
        assertThat(lexicon.related("nothing")).isEmpty();
    }

    @Test
    void a_kind_is_not_taken_for_the_wider_thing() {
        assertThat(concepts("zumba", Language.PT_BR)).containsExactly("zumba");
        assertThat(lexicon.wider("zumba")).containsExactly("danca");
    }

    /** Earrings share the stem of playing, and are a kind of their own. */
    @Test
    void a_kind_does_not_hide_other_words_with_its_stem() {
        assertThat(concepts("brincarem", Language.PT_BR)).contains("brincar");
        assertThat(concepts("brincos", Language.PT_BR)).containsExactly("furar orelha");
    }

    @Test
    void the_longest_phrase_is_taken() {
        var tokens = words.read("quanto custa a nota fiscal em nome da empresa", Language.PT_BR);

        var phrases = lexicon.phrases(tokens, Language.PT_BR);

        assertThat(phrases)
                .extracting(phrase -> phrase.positions().stream()
                        .map(position -> tokens.get(position).word())
                        .toList())
                .contains(List.of("quanto", "custa"), List.of("nota", "fiscal"));
    }

    @Test
    void phrases_are_found_across_small_words_and_in_other_forms() {
        var tokens = words.read("mudaram a data", Language.PT_BR);

        assertThat(lexicon.phrases(tokens, Language.PT_BR).get(0).senses())
                .extracting(Lexicon.Sense::concept)
                .contains("remarcar");
    }

    @Test
    void what_is_asked_without_its_name_is_known() {
        assertThat(phrases("tem onde parar o carro aí")).contains("estacionamento");
        assertThat(phrases("e se eu desistir")).contains("cancelar");
        assertThat(lexicon.wider("pix")).as("kept by what adds to it").containsExactly("pagamento");
    }

    @Test
    void a_word_of_a_trade_keeps_its_other_meanings() {
        assertThat(concepts("cera", Language.PT_BR)).contains("encerar", "depilacao");
    }

    @Test
    void what_no_business_answers_is_told_apart() {
        assertThat(lexicon.isElsewhere("politica")).isTrue();
        assertThat(lexicon.isElsewhere("preco")).isFalse();
    }

    private List<String> phrases(String text) {
        return lexicon.phrases(words.read(text, Language.PT_BR), Language.PT_BR).stream()
                .flatMap(phrase -> phrase.senses().stream())
                .map(Lexicon.Sense::concept)
                .toList();
    }

    private List<String> concepts(String word, Language language) {
        return lexicon.sensesOf(words.read(word, language).get(0), language).stream()
                .map(Lexicon.Sense::concept)
                .toList();
    }
}
