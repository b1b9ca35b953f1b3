package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignalsTest {

    private static final Map<Character, Signal> LETTERS = Map.of(
            'P', Signal.WANTS_PERSON,
            'O', Signal.OPT_OUT,
            'U', Signal.URGENT,
            'C', Signal.COMPLAINT,
            'G', Signal.GREETING_ONLY,
            'T', Signal.THANKS_ONLY);

    private record Labelled(Set<Signal> wanted, String text) {}

    private final Router router = Router.builder().build();

    private static List<Labelled> messages() {
        var messages = new ArrayList<Labelled>();
        for (String line : Resource.lines("signals-labelled.txt")) {
            if (!line.startsWith("#")) {
                var wanted = EnumSet.noneOf(Signal.class);
                LETTERS.forEach((letter, signal) -> {
                    if (line.substring(0, line.indexOf('|')).indexOf(letter) >= 0) {
                        wanted.add(signal);
                    }
                });
                messages.add(new Labelled(wanted, line.substring(line.indexOf('|') + 2)));
            }
        }
        return messages;
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void signals_are_found_and_not_imagined(Signal signal) {
        var imagined = new ArrayList<String>();
        var overlooked = new ArrayList<String>();
        int wanted = 0;

        for (Labelled message : messages()) {
            boolean want = message.wanted().contains(signal);
            boolean got =
                    router.classify(Utterance.of(message.text())).signals().contains(signal);
            wanted += want ? 1 : 0;
            // a person in distress may well complain
            boolean either = signal == Signal.COMPLAINT && message.wanted().contains(Signal.URGENT);
            if (got && !want && !either) {
                imagined.add(message.text());
            }
            if (want && !got) {
                overlooked.add(message.text());
            }
        }

        assertThat(imagined).as("imagined").hasSizeLessThanOrEqualTo(wanted / 15);
        assertThat(overlooked).as("overlooked").hasSizeLessThanOrEqualTo(wanted / 10);
    }

    @Test
    void a_wish_for_a_person_is_no_opt_out() {
        Classification heard =
                router.classify(Utterance.of("para de me mandar mensagem automática e me passa pra um atendente"));

        assertThat(heard.wantsPerson()).isTrue();
        assertThat(heard.optOut()).isFalse();
    }

    @Test
    void a_comma_ends_the_reach_of_a_negation() {
        assertThat(router.flushesAtOnce("não sei, é urgente")).isTrue();
        assertThat(router.flushesAtOnce("não é nada urgente")).isFalse();
    }

    @Test
    void the_mood_follows_what_is_said() {
        assertThat(mood("que atendimento horrível")).isEqualTo(Sentiment.NEGATIVE);
        assertThat(mood("obrigada, vocês são ótimos")).isEqualTo(Sentiment.POSITIVE);
        assertThat(mood("qual o endereço?")).isEqualTo(Sentiment.NEUTRAL);
        assertThat(mood("cadê vocês 😡")).isEqualTo(Sentiment.NEGATIVE);
    }

    private Sentiment mood(String text) {
        return router.classify(Utterance.of(text)).sentiment();
    }

    @Test
    void words_have_stable_names() {
        assertThat(Sentiment.NEGATIVE.word()).isEqualTo("negative");
    }
}
