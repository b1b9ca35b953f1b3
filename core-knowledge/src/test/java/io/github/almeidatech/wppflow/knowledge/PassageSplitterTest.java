package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.knowledge.PassageSplitter.Part;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PassageSplitterTest {

    private final PassageSplitter splitter = new PassageSplitter();

    @Test
    void a_short_text_stays_whole() {
        assertThat(splitter.split("Abrimos às 9h.\nFechamos às 18h.\n"))
                .containsExactly(new Part("", "Abrimos às 9h.\nFechamos às 18h."));
    }

    @Test
    void headings_part_and_stay_above_what_they_head() {
        var parts = splitter.split("""
                Bem-vindo.
                # Hotel
                Somos um hotel.
                ## Preços
                R$ 95.
                ### Gatos ###
                R$ 75.
                ## Horários
                9h às 18h.
                """);

        assertThat(parts)
                .containsExactly(
                        new Part("", "Bem-vindo."),
                        new Part("Hotel", "Somos um hotel."),
                        new Part("Hotel › Preços", "R$ 95."),
                        new Part("Hotel › Preços › Gatos", "R$ 75."),
                        new Part("Hotel › Horários", "9h às 18h."));
    }

    @Test
    void a_heading_may_skip_levels_and_have_nothing_below() {
        assertThat(splitter.split("### Fundo\ntexto\n# Vazio\n")).containsExactly(new Part("Fundo", "texto"));
    }

    @Test
    void a_comment_in_code_is_no_heading() {
        assertThat(splitter.split("```\n# not a heading\n```\nfim")).hasSize(1);
    }

    @Test
    void questions_with_answers_make_pairs() {
        var parts = splitter.split("""
                P: Aceitam Pix?
                R: Sim, Pix e cartão.

                Pergunta: E cheque?
                Resposta: Não.
                """);

        assertThat(parts)
                .containsExactly(new Part("Aceitam Pix?", "Sim, Pix e cartão."), new Part("E cheque?", "Não."));
    }

    @Test
    void unmarked_questions_with_answers_below_make_pairs_under_their_heading() {
        var parts = splitter.split(
                "# Pagamento\n**Aceitam Pix?**\nSim.\n\nParcelam no cartão?\nEm três vezes.\nSem juros.");

        assertThat(parts).extracting(Part::text).containsExactly("Sim.", "Em três vezes.\nSem juros.");
        assertThat(parts.get(1).heading()).isEqualTo("Pagamento › Parcelam no cartão?");
    }

    @Test
    void one_question_in_a_text_is_no_pair() {
        assertThat(splitter.split("Dúvidas?\nFale conosco.")).hasSize(1);
    }

    @Test
    void long_text_is_cut_between_paragraphs_then_sentences() {
        String paragraph =
                "Uma frase de tamanho médio sobre o hotel. ".repeat(12).strip();

        var parts = splitter.split(paragraph + "\n\n" + paragraph + "\n\n" + paragraph.repeat(4));

        assertThat(parts).hasSizeGreaterThan(3);
        assertThat(parts).extracting(Part::text).allSatisfy(text -> {
            assertThat(text.length()).isLessThanOrEqualTo(PassageSplitter.LONGEST);
            assertThat(text).startsWith("Uma frase").endsWith("hotel.");
        });
    }

    @Test
    void text_without_any_blank_is_cut_without_breaking_characters() {
        var parts = splitter.split("😀".repeat(1_000));

        assertThat(String.join("", parts.stream().map(Part::text).toList())).isEqualTo("😀".repeat(1_000));
    }

    @Test
    void no_word_is_lost_and_no_part_is_blank_or_too_long() {
        String[] pieces = {
            "palavra ", "# Título\n", "\n\n", "Quanto é?\n", "R: ", "fim. ", "```\n", "x".repeat(400), "🐶 "
        };
        for (long seed = 1; seed <= 200; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder();
            int words = 0;
            for (int i = 0; i < 60; i++) {
                String piece = pieces[random.nextInt(pieces.length)];
                words += piece.equals("palavra ") ? 1 : 0;
                text.append(piece);
            }

            var parts = splitter.split(text.toString());

            String all = String.join(
                    "\n", parts.stream().map(p -> p.heading() + "\n" + p.text()).toList());
            assertThat(all.split("palavra", -1).length - 1).as("seed %d", seed).isGreaterThanOrEqualTo(words - 60);
            assertThat(parts).as("seed %d", seed).allSatisfy(part -> {
                assertThat(part.text()).isNotBlank();
                assertThat(part.text().length()).isLessThanOrEqualTo(PassageSplitter.LONGEST + 2);
            });
        }
    }
}
