package io.github.almeidatech.wppflow.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariablesTest {

    private final Variables variables = new Variables(facts());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "Olá {{name}}! | Olá Ana!",
                "{{ contact.pet }} e {{contact.pets.1.name}} | Rex e Mia",
                "{{count}} de {{price}} | 3 de 12.5",
                "{{whole}} | 3",
                "{{pets}} | Rex, Mia",
                "{{missing}}fim | fim",
                "{{contact.pets.9}}fim | fim",
                "{{contact}}fim | fim",
                "{{name.first}}fim | fim",
                "{{ação}} | sim",
                "$1 \\1 {{dollar}} | $1 \\1 $0 \\x",
                "{ {name} } {name} | { {name} } {name}"
            })
    void facts_take_the_place_of_variables(String text, String filled) {
        assertThat(variables.plain(text)).isEqualTo(filled);
    }

    @Test
    void a_missing_or_blank_fact_gives_way_to_the_fallback() {
        assertThat(variables.plain("{{missing | cliente}} {{blank|você}} {{name | x}} {{empty|  $5 }}"))
                .isEqualTo("cliente você Ana $5");
    }

    @Test
    void what_a_variable_brings_cannot_format_a_message() {
        var hostile = new Variables(Map.of("name", "*Ana* [grátis](http://example.org) `x` <b> ~~ # |"));

        assertThat(hostile.markdown("**Oi** {{name}}"))
                .isEqualTo("**Oi** \\*Ana\\* \\[grátis\\](http://example.org) \\`x\\` \\<b\\> \\~\\~ \\# \\|");
    }

    @Test
    void what_a_variable_brings_is_not_filled_again_and_not_endless() {
        var hostile = new Variables(Map.of("name", "{{secret}}", "secret", "x", "long", "y".repeat(50_000)));

        assertThat(hostile.plain("{{name}}")).isEqualTo("{{secret}}");
        assertThat(hostile.plain("{{long}}")).hasSize(Variables.MAX_CHARS);
    }

    @Test
    void in_data_a_lone_variable_keeps_its_type_and_a_missing_one_leaves_its_entry_out() {
        Map<String, Object> template = new LinkedHashMap<>();
        template.put("count", "{{count}}");
        template.put("text", "n={{count}}");
        template.put("gone", "{{missing}}");
        template.put("fallback", "{{missing | 0}}");
        template.put("cleared", null);
        template.put("fixed", 7);
        template.put("nested", Map.of("list", Arrays.asList("{{count}}", "{{missing}}", true)));

        Map<String, Object> filled = variables.map(template);

        assertThat(filled)
                .containsEntry("count", 3)
                .containsEntry("text", "n=3")
                .doesNotContainKey("gone")
                .containsEntry("fallback", "0")
                .containsEntry("cleared", null)
                .containsEntry("fixed", 7)
                .containsEntry("nested", Map.of("list", List.of(3, true)));
    }

    @ParameterizedTest
    @CsvSource({
        "'{{name}}', true",
        "'{{a.b | x y}}', true",
        "'no {braces}', true",
        "'{{name', false",
        "'{{}}', false",
        "'{{a b}}', false",
        "'{{a | {{b}} }}', false"
    })
    void texts_are_checked_before_they_are_used(String text, boolean wellFormed) {
        assertThat(Variables.wellFormed(text)).isEqualTo(wellFormed);
    }

    private static Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", "Ana");
        facts.put("blank", "  ");
        facts.put("empty", Collections.emptyList());
        facts.put("count", 3);
        facts.put("price", 12.50);
        facts.put("whole", 3.0);
        facts.put("dollar", "$0 \\x");
        facts.put("ação", "sim");
        facts.put("pets", List.of("Rex", "Mia"));
        facts.put("contact", Map.of("pet", "Rex", "pets", List.of(Map.of("name", "Rex"), Map.of("name", "Mia"))));
        return facts;
    }
}
