package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CorpusTest {

    private final Corpus corpus = Corpus.load();

    @Test
    void every_pattern_can_be_drawn_from() {
        var random = new Random(1);

        for (Corpus.Pattern pattern : corpus.patterns()) {
            String text = corpus.draw(pattern.text(), random);

            assertThat(text).as(pattern.text()).doesNotContain("[", "]", "{", "}", "|");
        }
    }

    @Test
    void alternatives_may_hold_alternatives() {
        Set<String> drawn = new HashSet<>();
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            drawn.add(corpus.draw("[a [b|c]|d|]", random));
        }

        assertThat(drawn).containsExactlyInAnyOrder("a b", "a c", "d", "");
    }

    @Test
    void no_line_teaches_two_intents() {
        var seen = new HashMap<String, String>();

        for (Corpus.Pattern pattern : corpus.patterns()) {
            String before = seen.put(pattern.text(), pattern.intent());

            assertThat(before).as(pattern.text()).isIn(null, pattern.intent());
        }
    }

    /** Keeps the measured figures honest: what is held back for measuring is not taught. */
    @Test
    void the_validation_messages_are_not_in_the_corpus() {
        Set<String> taught = new HashSet<>();
        corpus.patterns().forEach(pattern -> taught.add(Words.fold(pattern.text())));

        for (String resource :
                List.of("validation.jsonl", "unseen.jsonl", "independent.jsonl", "latest.jsonl", "many-trades.jsonl")) {
            assertThat(Labelled.read(resource)).noneMatch(message -> taught.contains(Words.fold(message.text())));
        }
    }
}
