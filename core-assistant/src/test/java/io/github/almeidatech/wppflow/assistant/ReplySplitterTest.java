package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplySplitterTest {

    @Test
    void a_short_reply_stays_one_bubble() {
        assertThat(split(100, "  A diária custa R$ 95.\n\nInclui passeio. "))
                .containsExactly("A diária custa R$ 95.\n\nInclui passeio.");
    }

    @Test
    void nothing_to_say_makes_no_bubble() {
        assertThat(split(100, " \n ")).isEmpty();
    }

    @Test
    void paragraphs_are_kept_whole_and_joined_while_they_fit() {
        assertThat(split(20, "um dois\n\ntrês\n\nquatro cinco seis"))
                .containsExactly("um dois\n\ntrês", "quatro cinco seis");
    }

    @Test
    void a_long_paragraph_is_cut_between_sentences() {
        assertThat(split(30, "A diária custa R$ 95. Inclui passeio! Quer reservar?"))
                .containsExactly("A diária custa R$ 95.", "Inclui passeio! Quer reservar?");
    }

    @Test
    void amounts_and_titles_are_no_sentence_ends() {
        assertThat(split(40, "O pacote do dr. Silva sai por R$ 1.000,00. Depois disso combinamos."))
                .containsExactly("O pacote do dr. Silva sai por", "R$ 1.000,00.", "Depois disso combinamos.");
    }

    @Test
    void links_and_pix_keys_are_never_cut() {
        String link = "https://hotel.example/reservas?data=2026-09-01&pet=rex";
        String pix = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906";

        List<String> bubbles = split(60, "Reserve em " + link + " e pague pelo Pix " + pix + " até amanhã, por favor.");

        assertThat(bubbles).anySatisfy(bubble -> assertThat(bubble).contains(link));
        assertThat(bubbles).anySatisfy(bubble -> assertThat(bubble).contains(pix));
    }

    @Test
    void what_is_longer_than_a_bubble_by_itself_is_cut_but_never_inside_a_character() {
        assertThat(split(5, "😀😀😀😀")).containsExactly("😀😀", "😀😀");
    }

    @Test
    void whatever_is_split_keeps_its_words_and_their_order() {
        for (int seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            String reply = random.ints(random.nextInt(200), 0, 12)
                    .mapToObj(i -> List.of(
                                    "a",
                                    "R$ 9,5",
                                    "fim.",
                                    "Oi!",
                                    "\n\n",
                                    "\n",
                                    "https://x.example/a",
                                    "dr.",
                                    "😀",
                                    "Vamos?",
                                    "é",
                                    "123")
                            .get(i))
                    .collect(Collectors.joining(" "));
            int max = 20 + random.nextInt(60);

            List<String> bubbles = split(max, reply);

            assertThat(bubbles)
                    .as("seed " + seed)
                    .allSatisfy(bubble -> assertThat(bubble).isNotBlank().hasSizeLessThanOrEqualTo(max));
            assertThat(words(String.join(" ", bubbles))).as("seed " + seed).isEqualTo(words(reply));
        }
    }

    private static List<String> split(int max, String reply) {
        return new ReplySplitter(max).split(reply);
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
