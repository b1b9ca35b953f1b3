package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

    private final Spelling spelling =
            new Spelling(Vocabulary.of(List.of("horario", "fecha", "preco", "entrega", "faz")));

    @ParameterizedTest
    @CsvSource({
        "orario, horario",
        "feixa, fecha",
        "presso, preco",
        "fais, faz",
        "entreg, entrega",
        "vasina, vacina",
        "troka, troca",
        "enderesso, endereco"
    })
    void a_misspelt_word_is_recognised(String written, String meant) {
        var own = Vocabulary.of(List.of("vacina", "troca", "endereco"));

        assertThat(spelling.corrections(written, own)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"xy", "piscina", "123horario"})
    void a_word_that_is_like_no_other_stays(String written) {
        assertThat(spelling.corrections(written, Vocabulary.of(List.of()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"qwert, couvert", "jhjly, juiz", "hkhka, cais"})
    void keys_hit_at_random_are_no_word_that_sounds_nearly_like_them(String hit, String sounding) {
        assertThat(Spelling.oneApart(Spelling.sound(hit), Spelling.sound(sounding)))
                .isTrue();
        assertThat(spelling.corrections(hit, Vocabulary.of(List.of(sounding)))).isEmpty();
    }

    @Test
    void the_tenants_own_words_come_first() {
        assertThat(spelling.corrections("orario", Vocabulary.of(List.of("orarios", "ohrario"))))
                .startsWith("ohrario");
    }

    @ParameterizedTest
    @CsvSource({
        "casa, casa, true",
        "casa, cas, true",
        "casa, caza, true",
        "casa, csaa, true",
        "casa, casas, true",
        "casa, czsz, false",
        "casa, c, false",
        "abcd, badc, false"
    })
    void one_error_is_one_letter_or_two_neighbours(String a, String b, boolean near) {
        assertThat(Spelling.oneApart(a, b)).isEqualTo(near);
        assertThat(Spelling.oneApart(b, a)).isEqualTo(near);
    }

    @Test
    void a_vocabulary_that_grew_finds_all_its_words() {
        var grown = Vocabulary.of(List.of("primeira"));
        List<String> all = new ArrayList<>(List.of("primeira"));
        for (int i = 0; i < 1_500; i++) {
            String word = "b" + "aeiou".charAt(i % 5) + "bcdfg".charAt(i / 5 % 5) + "palavra"
                    + Integer.toString(i, 26).replaceAll("\\d", "r");
            grown = grown.with(List.of(word, "primeira"));
            all.add(word);
        }

        for (String word : all) {
            var found = new java.util.HashSet<String>();
            grown.soundingLike(Spelling.sound(word), found);
            assertThat(found).contains(word);
        }
        assertThat(grown.with(all)).isSameAs(grown);
    }
}
