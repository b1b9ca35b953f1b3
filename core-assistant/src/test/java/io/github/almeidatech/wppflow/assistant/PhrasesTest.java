package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.model.Language;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhrasesTest {

    @Test
    void every_phrase_exists_in_every_language_and_in_words_of_its_own() {
        var phrases = new Phrases("Hotel", Map.of());

        for (String key : Phrases.keys()) {
            assertThat(phrases.say(key, Language.PT_BR)).as(key).isNotBlank();
            assertThat(phrases.say(key, Language.EN))
                    .as(key)
                    .isNotBlank()
                    .isNotEqualTo(phrases.say(key, Language.PT_BR));
            assertThat(phrases.say(key, Language.ES)).as(key).isNotBlank();
        }
    }

    @Test
    void every_reason_has_a_clause_in_every_language() {
        for (Reason reason : Reason.values()) {
            assertThat(reason.clause(Language.PT_BR)).isNotBlank().isNotEqualTo(reason.clause(Language.EN));
            assertThat(reason.clause(Language.ES)).isNotBlank();
            assertThat(Reason.of(reason.word())).contains(reason);
        }
    }

    @Test
    void the_business_is_named() {
        assertThat(new Phrases("Hotel Patas", Map.of()).say("introduction", Language.PT_BR))
                .contains("Hotel Patas");
    }

    @Test
    void a_tenants_own_wording_wins_in_all_languages() {
        var phrases = new Phrases("Hotel Patas", Map.of("greeting", "Aqui é do {name}!"));

        assertThat(phrases.say("greeting", Language.EN)).isEqualTo("Aqui é do Hotel Patas!");
    }

    @Test
    void a_wording_for_a_phrase_that_does_not_exist_is_refused_with_the_names_that_do() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Phrases("x", Map.of("greting", "Oi")))
                .withMessageContaining("greting")
                .withMessageContaining("greeting");
    }
}
