package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SilenceFilterTest {

    private final SilenceFilter filter = new SilenceFilter();

    private String said(String transcript) {
        return filter.said(transcript, OptionalDouble.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "Legendas pela comunidade Amara.org",
                "LEGENDAS PELA COMUNIDADE AMARA.ORG!",
                "Obrigado por assistir. Inscreva-se no canal!",
                "E até o próximo vídeo... Tchau e até o próximo vídeo.",
                "Thanks for watching!",
                "Subtítulos realizados por la comunidad de Amara.org",
                "[Música]",
                "..."
            })
    void the_credits_of_subtitles_are_silence(String transcript) {
        assertThat(said(transcript)).isBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Obrigado.",
                "Tchau, obrigada!",
                "Oi, tudo bem? Queria saber o preço da diária.",
                "Obrigado por assistir o meu cachorro ontem.",
                "Não, não, não, não, não quero mais.",
                "Sim. Sim. Sim."
            })
    void what_a_person_says_is_kept(String transcript) {
        assertThat(said(transcript)).isEqualTo(transcript);
    }

    @Test
    void credits_after_real_words_do_not_take_the_words_away() {
        assertThat(said("Quero marcar um banho. Obrigado por assistir.")).startsWith("Quero marcar um banho.");
    }

    @Test
    void a_sentence_over_and_over_is_said_once() {
        assertThat(said("Quero marcar. " + "Vamos lá. ".repeat(30) + "Amanhã."))
                .isEqualTo("Quero marcar. Vamos lá. Amanhã.");
    }

    @Test
    void more_words_than_can_be_spoken_in_the_time_were_not_spoken() {
        String speech = "Bom dia a todos, hoje vamos falar sobre um assunto muito importante para vocês.";

        assertThat(filter.said(speech, OptionalDouble.of(1))).isBlank();
        assertThat(filter.said(speech, OptionalDouble.of(5))).isEqualTo(speech);
    }
}
