package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MeaningsTest {

    private final Tokenizer tokenizer = new Tokenizer(Lexicon.load());

    private static float[] at(float x, float y) {
        var place = new float[Meanings.DIMENSIONS];
        place[0] = x;
        place[1] = y;
        return place;
    }

    private double nearness(Meanings meanings, String one, String other) {
        return meanings.of(tokenizer.tokens(one)).nearness(meanings.of(tokenizer.tokens(other)));
    }

    @Test
    void forms_of_a_word_share_its_place_and_a_word_of_another_meaning_has_its_own() {
        var meanings = Meanings.of(Map.of("porta", at(1, 0), "portas", at(1, 0), "porto", at(0, 1)));

        assertThat(nearness(meanings, "porta", "portinha")).isGreaterThan(0.9);
        assertThat(nearness(meanings, "porta", "porto")).isLessThan(0.9);
    }

    @Test
    void what_has_no_place_is_near_to_nothing() {
        var meanings = Meanings.of(Map.of("guincho", at(1, -1)));

        assertThat(nearness(meanings, "guincho", "guincho")).isCloseTo(1, Offset.offset(1e-6));
        assertThat(nearness(meanings, "guincho", "xyzzy")).isZero();
        assertThat(nearness(meanings, "", "xyzzy")).isZero();
    }

    @Test
    void the_shipped_ones_know_what_belongs_together() {
        Meanings meanings = Meanings.load(OwnIntents.MEANINGS);

        for (List<String> each : List.of(
                List.of("meu carro quebrou", "a moto parou na estrada", "qual o sabor do bolo"),
                List.of("perdi minha carteira", "esqueci um guarda-chuva", "quero marcar um corte"),
                List.of("my dog is sick", "meu gato está doente", "manda o boleto"))) {
            assertThat(nearness(meanings, each.get(0), each.get(1)))
                    .as("%s", each)
                    .isGreaterThan(nearness(meanings, each.get(0), each.get(2)) + 0.2);
        }
    }
}
