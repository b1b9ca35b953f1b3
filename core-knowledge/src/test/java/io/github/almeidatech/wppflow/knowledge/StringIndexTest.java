package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StringIndexTest {

    @Test
    void every_string_has_its_number_and_every_number_its_string() {
        var random = new Random(42);
        for (int size : new int[] {1, 2, 3, 4, 5, 1_000, 1_023, 1_024}) {
            Set<String> strings = new LinkedHashSet<>(List.of(""));
            while (strings.size() < size) {
                strings.add(word(random, 6));
            }
            List<String> ordered = new ArrayList<>(strings);
            var index = new StringIndex(ordered);
            assertThat(index.size()).isEqualTo(ordered.size());
            for (int i = 0; i < ordered.size(); i++) {
                assertThat(index.numberOf(ordered.get(i))).isEqualTo(i);
                assertThat(index.get(i)).isEqualTo(ordered.get(i));
            }
        }
    }

    @Test
    void a_string_that_is_not_in_the_set_has_no_number_even_where_it_shares_letters_or_its_hash() {
        var index = new StringIndex(List.of("banho", "tosa", "Aa", "ñandu"));
        assertThat(List.of("ban", "banhot", "anho", "osa", "BB", "nandu", "")).noneMatch(index::contains);
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    }

    @Test
    void an_empty_set_has_none() {
        var index = new StringIndex(List.of());
        assertThat(index.contains("")).isFalse();
        assertThat(index.size()).isZero();
    }

    private static String word(Random random, int longest) {
        var word = new StringBuilder();
        for (int i = random.nextInt(longest) + 1; i > 0; i--) {
            word.append("abcdeçñ".charAt(random.nextInt(7)));
        }
        return word.toString();
    }
}
