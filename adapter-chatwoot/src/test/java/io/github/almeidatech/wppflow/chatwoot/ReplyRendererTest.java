package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyRendererTest {

    private final ReplyRenderer renderer = new ReplyRenderer();

    private record Golden(String name, String commonMark, String whatsapp, String markdown) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Golden same(String name, String commonMark, String both) {
        return new Golden(name, commonMark, both, both);
    }

    static Stream<Golden> goldens() {
        return Stream.of(
                same("plain text", "Olá, Ana! Tudo bem?", "Olá, Ana! Tudo bem?"),
                same("emoji and accents", "Ótimo 🐶👍🏽, até amanhã às 8h! ção", "Ótimo 🐶👍🏽, até amanhã às 8h! ção"),
                new Golden("bold", "A **diária** custa", "A *diária* custa", "A **diária** custa"),
                same("italic with asterisks", "é *muito* bom", "é _muito_ bom"),
                same("italic with underscores", "é _muito_ bom", "é _muito_ bom"),
                new Golden("bold and italic", "***tudo***", "_*tudo*_", "_**tudo**_"),
                new Golden("italic in bold", "**a _b_ c**", "*a _b_ c*", "**a _b_ c**"),
                same("struck", "de ~~R$ 90~~ por R$ 80", "de ~R$ 90~ por R$ 80"),
                same("code", "digite `#bot on` aqui", "digite `#bot on` aqui"),
                new Golden("code block", "```\na*b\n```", "```a*b```", "\\`\\`\\`a\\*b\\`\\`\\`"),
                new Golden("bold over two lines", "**uma\ncoisa**", "*uma*\n*coisa*", "**uma**\n**coisa**"),
                new Golden("bold inside a word", "super**mercado**s", "supermercados", "supermercados"),
                new Golden("bold before a slash", "**R$ 50**/dia", "*R$ 50*/dia", "**R$ 50**/dia"),
                new Golden("price with a footnote", "R$ 1.000* à vista", "R$ 1.000* à vista", "R$ 1.000\\* à vista"),
                new Golden(
                        "two prices with footnotes",
                        "R$ 50* ou R$ 80* por dia\n\n\\*sem banho",
                        "R$ 50* ou R$ 80* por dia\n\n*sem banho",
                        "R$ 50\\* ou R$ 80\\* por dia\n\n\\*sem banho"),
                new Golden("multiplication", "2 * 3 * 4 = 24", "2 * 3 * 4 = 24", "2 \\* 3 \\* 4 = 24"),
                new Golden("multiplication without blanks", "2*3*4 = 24", "2*3*4 = 24", "2\\*3\\*4 = 24"),
                new Golden("literal bold", "veja \\*isto\\* aqui", "veja ∗isto∗ aqui", "veja ∗isto∗ aqui"),
                same("snake case", "use chave_pix_nova", "use chave_pix_nova"),
                new Golden(
                        "heading", "# Preços\n\nDiária: R$ 80", "*Preços*\nDiária: R$ 80", "**Preços**\nDiária: R$ 80"),
                new Golden("bold heading", "## **Preços**", "*Preços*", "**Preços**"),
                new Golden("underlined heading", "Preços\n===\ntexto", "*Preços*\ntexto", "**Preços**\ntexto"),
                same("paragraphs", "Um.\n\n\n\nDois.", "Um.\n\nDois."),
                same("single line breaks stay", "Rua A, 10\nCentro", "Rua A, 10\nCentro"),
                same("hard line breaks", "a\\\nb  \nc", "a\nb\nc"),
                same("ruler", "a\n\n---\n\nb", "a\n\nb"),
                same("bullets", "Temos:\n- banho\n- tosa", "Temos:\n• banho\n• tosa"),
                same("starred bullets", "* banho\n* tosa", "• banho\n• tosa"),
                same("loose bullets", "- a\n\n- b\n\nfim", "• a\n• b\n\nfim"),
                same("nested bullets", "- a\n  - b\n- c", "• a\n◦ b\n• c"),
                new Golden("numbers", "1. um\n2. dois", "1. um\n2. dois", "1\\. um\n2\\. dois"),
                new Golden("numbers from five", "5. cinco\n6. seis", "5. cinco\n6. seis", "5\\. cinco\n6\\. seis"),
                new Golden("a date at the start", "12. de outubro", "12. de outubro", "12\\. de outubro"),
                same("a phone number at the start", "+55 11 90000-0000", "+55 11 90000-0000"),
                new Golden("quote", "> disse ela\n> ontem", "> disse ela\n> ontem", "\\> disse ela\n\\> ontem"),
                same("hash tag", "#promo de hoje", "#promo de hoje"),
                same("link", "Veja o [cardápio](https://x.example/c).", "Veja o cardápio: https://x.example/c."),
                same("link that is its text", "[https://x.example/c](https://x.example/c)", "https://x.example/c"),
                same("link that is its host", "[x.example/c](https://x.example/c)", "https://x.example/c"),
                same("bare link", "https://x.example/a_b_c?d=1&e=2", "https://x.example/a_b_c?d=1&e=2"),
                new Golden(
                        "link full of marks",
                        "https://x.example/*a*/_b_/~~c~~ ok",
                        "https://x.example/*a*/_b_/~~c~~ ok",
                        "https://x.example/\\*a\\*/\\_b\\_/\\~\\~c\\~\\~ ok"),
                new Golden(
                        "bold link",
                        "**https://x.example/a_b**",
                        "*https://x.example/a_b*",
                        "**https://x.example/a_b**"),
                same("link in brackets", "(https://x.example/w(iki))", "(https://x.example/w(iki))"),
                same("link in angle brackets", "veja <https://x.example>", "veja https://x.example"),
                same("mail", "ana_maria_silva@x.example", "ana_maria_silva@x.example"),
                same("mail link", "[ana@x.example](mailto:ana@x.example)", "ana@x.example"),
                same("telephone link", "[ligue](tel:+5511900000000)", "ligue: +5511900000000"),
                same("picture", "![mapa](https://x.example/m.png)", "mapa: https://x.example/m.png"),
                same(
                        "pix key",
                        "Pix: 123e4567-e89b-12d3-a456-426614174000",
                        "Pix: 123e4567-e89b-12d3-a456-426614174000"),
                new Golden(
                        "pix code",
                        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Ana da Silva6008BRASILIA62070503***63041D3D",
                        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Ana da Silva6008BRASILIA62070503***63041D3D",
                        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Ana da Silva6008BRASILIA62070503\\*\\*\\*63041D3D"),
                same("cpf", "CPF 123.456.789-00", "CPF 123.456.789-00"),
                new Golden("html", "<b>oi</b> <seu nome>", "<b>oi</b> <seu nome>", "\\<b>oi\\</b> \\<seu nome>"),
                new Golden("html block", "<div>\noi\n</div>", "<div>\noi\n</div>", "\\<div>\noi\n\\</div>"),
                same("indented text is no code", "    oi", "oi"),
                new Golden(
                        "no definition of a link",
                        "Sábado\n\n[Horário]: 8h",
                        "Sábado\n\n[Horário]: 8h",
                        "Sábado\n\n[Horário\\]: 8h"),
                same("entity", "Banho &amp; tosa", "Banho & tosa"),
                new Golden("literal entity", "&amp;lt; e \\&copy;", "&lt; e &copy;", "\\&lt; e \\&copy;"),
                new Golden("backslash", "C:\\temp", "C:\\temp", "C:\\\\temp"),
                new Golden("literal link", "\\[a](b)", "[a](b)", "[a\\](b)"),
                same("liquid", "{{contact.name}} e {% if x %}", "{ {contact.name}} e { % if x %}"),
                same("liquid in code", "`{{x}}`", "`{ {x}}`"),
                same("three braces", "{{{x}}}", "{ { {x}}}"),
                same("table of two", "|Porte|Preço|\n|-|-|\n|P|R$ 50|\n|G|R$ 80|", "• P: R$ 50\n• G: R$ 80"),
                new Golden(
                        "table of three",
                        "Veja:\n\n|Porte|Dia|Mês|\n|-|-|-|\n|**P**|50|900|\n|G||1200|",
                        "Veja:\n• *P* – Dia: 50; Mês: 900\n• G – Mês: 1200",
                        "Veja:\n• **P** – Dia: 50; Mês: 900\n• G – Mês: 1200"),
                same("table without rows", "|a|b|\n|-|-|", "a | b"),
                new Golden("nothing but a ruler", "---", "---", "\\---"));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void texts_are_written_as_the_channel_shows_them(Golden golden) {
        assertThat(renderer.render(golden.commonMark(), TextStyle.WHATSAPP)).isEqualTo(golden.whatsapp());
        assertThat(renderer.render(golden.commonMark(), TextStyle.MARKDOWN)).isEqualTo(golden.markdown());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void chatwoot_makes_of_the_markdown_what_whatsapp_gets_directly(Golden golden) {
        String stored = renderer.render(golden.commonMark(), TextStyle.MARKDOWN);

        assertThat(ChatwootWhatsappRendering.now(stored)).isEqualTo(golden.whatsapp());
        assertThat(ChatwootWhatsappRendering.first(stored))
                .isEqualTo(golden.whatsapp().replace("\n\n", "\n"));
    }

    @Test
    void in_doubt_no_marks_are_written() {
        String text = renderer.render("# Oi\n**a** _b_ ~~c~~ `d` R$ 5*\n> e\n1. f\n- g", TextStyle.PLAIN);

        assertThat(text).isEqualTo("Oi\na b c d R$ 5*\n\ne\n1. f\n• g");
    }

    @ParameterizedTest
    @CsvSource({
        "Channel::Whatsapp, 4.15.1, MARKDOWN",
        "Channel::Whatsapp, 4.8.0, WHATSAPP",
        "Channel::Whatsapp, unknown, MARKDOWN",
        "Channel::TwilioSms, 4.9.0, MARKDOWN",
        "Channel::TwilioSms, 4.2.0, WHATSAPP",
        "Channel::Api, 4.15.1, WHATSAPP",
        "Channel::Api, 4.2.0, WHATSAPP",
        "Channel::WebWidget, 4.15.1, MARKDOWN",
        "'', 4.15.1, PLAIN",
    })
    void the_style_follows_from_channel_and_release(String channel, String version, TextStyle style) {
        assertThat(TextStyle.of(channel, ChatwootVersion.parse(version))).isEqualTo(style);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatever_is_written_both_ways_to_whatsapp_show_the_same(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String commonMark = randomText(random);
            String direct = renderer.render(commonMark, TextStyle.WHATSAPP);
            String stored = renderer.render(commonMark, TextStyle.MARKDOWN);

            assertThat(ChatwootWhatsappRendering.now(stored))
                    .as("seed %d, text %d: <%s> stored as <%s>", seed, i, commonMark, stored)
                    .isEqualTo(direct);
            assertThat(direct.isBlank())
                    .as("seed %d, text %d: <%s>", seed, i, commonMark)
                    .isEqualTo(commonMark.isBlank());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void links_mails_and_pix_codes_arrive_letter_by_letter_in_any_surroundings(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            String untouched = UNTOUCHED.get(random.nextInt(UNTOUCHED.size()));
            String commonMark = randomText(random) + " " + untouched + " " + randomText(random);
            for (TextStyle style : List.of(TextStyle.WHATSAPP, TextStyle.PLAIN)) {
                assertThat(renderer.render(commonMark, style))
                        .as("seed %d, text %d: <%s>", seed, i, commonMark)
                        .contains(untouched);
            }
            assertThat(ChatwootWhatsappRendering.now(renderer.render(commonMark, TextStyle.MARKDOWN)))
                    .as("seed %d, text %d: <%s>", seed, i, commonMark)
                    .contains(untouched);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void nothing_chatwoots_template_language_could_run_is_left(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            String commonMark = randomText(random) + "{{" + randomText(random) + "{%" + randomText(random);
            for (TextStyle style : TextStyle.values()) {
                assertThat(renderer.render(commonMark, style))
                        .as("seed %d, text %d: <%s>", seed, i, commonMark)
                        .doesNotContain("{{", "{%");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "> ",
                "- ",
                "[",
                "**a ",
                "*",
                "_",
                "`",
                "{{",
                "<a ",
                "((((",
                "https://x.example/((",
                "|-",
                "x",
                " ",
                "\t",
                ".",
                "x.",
                "@",
                "x@",
                "x@x.",
                "https://",
                "www.",
                "<https://",
                "000201",
                "=",
                "&",
                "\\",
                "~~a",
                "\n",
                "1. ",
                "![",
                "](",
                "😀"
            })
    @Timeout(20)
    void no_text_makes_rendering_slow(String piece) {
        String asLongAsIsRead = piece.repeat(19_900 / piece.length()) + "fim";
        String longer = piece.repeat(NewMessage.MAX_CONTENT / piece.length()) + "fim";

        assertThat(renderer.render(asLongAsIsRead, TextStyle.MARKDOWN)).contains("fim");
        assertThat(renderer.render("a" + asLongAsIsRead, TextStyle.WHATSAPP)).contains("fim");
        assertThat(renderer.render(longer, TextStyle.WHATSAPP)).contains("fim");
    }

    private static final List<String> UNTOUCHED = List.of(
            "https://x.example/a_b_c/*d*?e=_f_&g=~~h~~i",
            "https://x.example/w_(iki)_x",
            "ana_maria_silva@clinica.example",
            "_ana@x.example".substring(1),
            "00020126330014br.gov.bcb.pix0111123456789095204000053039865802BR5903Ana6003SAO62070503***6304ABCD");

    private static final List<String> PIECES = List.of(
            "oi",
            "R$ 1.000*",
            "ção",
            "🐶",
            " ",
            " ",
            " ",
            "\n",
            "\n\n",
            "**",
            "*",
            "_",
            "__",
            "~~",
            "`",
            "```\n",
            "# ",
            "- ",
            "1. ",
            "> ",
            "[a](https://x.example/b_c)",
            "<b>",
            "&amp;",
            "&lt;",
            "\\",
            "\\*",
            "|",
            "|-|-|\n",
            "https://x.example/a_b*c",
            "ana_b@x.example",
            "(",
            ")",
            "[",
            "]",
            "!",
            ".",
            ":",
            "---\n",
            "===\n",
            "{{",
            "%}",
            "2*3*4",
            "    ",
            "\t",
            "a_b_c",
            "~",
            "+ ");

    private static String randomText(Random random) {
        int pieces = 1 + random.nextInt(14);
        return Stream.generate(() -> PIECES.get(random.nextInt(PIECES.size())))
                .limit(pieces)
                .collect(Collectors.joining());
    }
}
