package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatsappTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "**negrito**|*negrito*",
                "*itálico*|_itálico_",
                "um **dois** três *quatro*|um *dois* três _quatro_",
                "R$ 1.000* por dia|R$ 1.000* por dia",
                "2 * 3 * 4|2 * 3 * 4",
                "~~fora~~|~fora~",
                "[preços](https://example.com/p)|https://example.com/p",
                "## Título|Título",
                "* item|- item",
                "+ item|- item",
                "- item|- item",
                "1. item|1. item",
                "um <b>dois</b>|um dois",
                "a < b e c > d|a < b e c > d",
                "_já itálico_|_já itálico_",
                "1\\. R$ 50\\* e **a\\_b**|1. R$ 50* e *a_b*",
                "\\*literal\\* \\<b>|*literal* <b>"
            })
    void markdown_becomes_what_whatsapp_shows(String markdown, String seen) {
        assertThat(WhatsappText.render(markdown)).isEqualTo(seen);
    }
}
