package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chatwoot 4.9.0 to 4.12.0 delivered texts as its Markdown renderer would send them. */
class RenderedTextTest {

    private static String contentOf(String delivered, String stored) {
        return Payload.message()
                .set("content", JsonNodeFactory.instance.textNode(delivered).toString())
                .set(
                        "conversation.messages.0.content",
                        stored == null
                                ? "null"
                                : JsonNodeFactory.instance.textNode(stored).toString())
                .read()
                .content();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_urgente_ por favor | *urgente* por favor",
                "Título | # Título",
                "- ração\\n- coleira | * ração\\n* coleira",
                "1. banho\\n2. tosa | 1) banho\\n1) tosa",
                "o preço e o prazo | o preço <100 e o prazo>",
                "https://example.com/reserva | [reserva](https://example.com/reserva)",
                "até logo | até logo\\n\\n",
                "Banho & tosa | Banho &amp; tosa",
                "<p>oi</p> | oi"
            })
    void the_text_as_it_was_written_is_taken(String delivered, String stored) {
        assertThat(contentOf(delivered.replace("\\n", "\n"), stored.replace("\\n", "\n")))
                .isEqualTo(stored.replace("\\n", "\n"));
    }

    @Test
    void what_the_renderer_made_vanish_is_not_an_empty_message() {
        assertThat(contentOf("", "---")).isEqualTo("---");
        assertThat(contentOf("", "<gato>")).isEqualTo("<gato>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"quero reservar para sexta | (áudio)", "how much is it? | quanto custa?", "oi, tudo bem? | oi"})
    void a_text_somebody_else_changed_on_its_way_stays_changed(String delivered, String stored) {
        assertThat(contentOf(delivered, stored)).isEqualTo(delivered);
    }

    @Test
    void another_message_or_none_has_no_say() {
        assertThat(contentOf("_oi_", null)).isEqualTo("_oi_");
        assertThat(Payload.message()
                        .set("content", "'_oi_'")
                        .set("conversation.messages.0.content", "'*oi*'")
                        .set("conversation.messages.0.id", "9002")
                        .read()
                        .content())
                .isEqualTo("_oi_");
    }

    @Test
    void what_people_of_the_business_write_stays_as_delivered() {
        assertThat(Payload.outgoing(Payload.agent())
                        .set("id", "9001")
                        .set("content", "'_oi_'")
                        .set("conversation.messages.0.content", "'*oi*'")
                        .read()
                        .content())
                .isEqualTo("_oi_");
    }

    @Test
    void a_message_without_text_gets_none() {
        assertThat(Payload.message()
                        .set("content", "null")
                        .set("conversation.messages.0.content", "'*oi*'")
                        .read()
                        .content())
                .isEmpty();
    }
}
