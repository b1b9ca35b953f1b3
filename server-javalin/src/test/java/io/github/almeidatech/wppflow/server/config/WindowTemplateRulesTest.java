package io.github.almeidatech.wppflow.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowTemplateRulesTest {

    private static List<String> problems(
            @Nullable Map<String, String> header, @Nullable List<Config.TemplateButton> buttons) {
        var problems = new ArrayList<String>();
        WindowTemplateRules.check(
                "t",
                new Config.WindowTemplate("n", "pt_BR", null, header, Map.of("1", "{reply}"), buttons, "{reply}"),
                problems);
        return problems;
    }

    private static List<String> button(String type, String parameter) {
        return problems(null, List.of(new Config.TemplateButton(type, parameter)));
    }

    @Test
    void headers_of_texts_and_of_files_and_both_kinds_of_buttons_are_fine() {
        assertThat(problems(null, null)).isEmpty();
        assertThat(problems(Map.of("1", "Rex"), List.of())).isEmpty();
        assertThat(problems(Map.of("media_url", "https://a.example.com/b.jpg", "media_type", "image"), null))
                .isEmpty();
        assertThat(problems(
                        Map.of(
                                "media_url",
                                "https://a.example.com/b.pdf",
                                "media_type",
                                "document",
                                "media_name",
                                "b.pdf"),
                        null))
                .isEmpty();
        assertThat(button("url", "reservas/2026-outubro")).isEmpty();
        assertThat(button("copy_code", "VOLTA10")).isEmpty();
    }

    @Test
    void a_file_wants_its_address_and_its_kind_and_nothing_beside_it() {
        assertThat(problems(Map.of("media_url", "hotel.jpg", "media_type", "picture", "1", "Rex"), null))
                .containsExactly(
                        "t.header: either a file (media_url, media_type, media_name) or texts wanted",
                        "t.header.media_type: image, video or document wanted",
                        "t.header.media_url: an http(s) address wanted");
        assertThat(problems(Map.of("media_url", "a b", "media_type", "image", "media_name", "x"), null))
                .containsExactly(
                        "t.header.media_url: an http(s) address wanted",
                        "t.header.media_name: only a document has a name");
        assertThat(problems(Map.of("media_type", "video"), null))
                .containsExactly("t.header.media_url: an http(s) address wanted");
    }

    @Test
    void what_whatsapp_would_refuse_is_refused() {
        assertThat(problems(Map.of("1", " "), null)).singleElement().asString().contains("t.header.1: ", "blank");
        assertThat(problems(Map.of("1", "{reply}"), null))
                .singleElement()
                .asString()
                .contains("t.header.1: {reply}");
        assertThat(problems(Map.of("1", "x".repeat(61)), null))
                .containsExactly("t.header: at most 60 characters wanted");
        assertThat(button("url", "{reply}")).singleElement().asString().contains("t.buttons[0].parameter: {reply}");
        assertThat(button("copy_code", "x".repeat(16)))
                .containsExactly("t.buttons[0].parameter: at most 15 characters wanted in a code to be copied");
    }
}
