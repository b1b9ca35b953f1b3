package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClausesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vou viajar em maio, vocês cuidam de gato? | vocês cuidam de gato",
                "Oi! Tudo bem? Tem piscina? | Tem piscina",
                "tem piscina??? obrigada | tem piscina",
                "boa tarde eu comprei ontem e queria saber se tem garantia | se tem garantia",
                "I moved, I want to know how much it is | how much it is",
                "quanto custa a diária | quanto custa a diária",
                "? | ?",
                "quero ver o quarto | quero ver o quarto"
            })
    void the_clause_that_asks_is_found(String text, String core) {
        assertThat(Clauses.of(text).core().strip()).isEqualTo(core);
    }

    @Test
    void nothing_of_the_text_is_lost() {
        String text = "oi, a? b! queria saber se c? d";
        var clauses = Clauses.of(text);

        assertThat(clauses.before() + clauses.core() + clauses.after()).isEqualTo(text);
    }
}
