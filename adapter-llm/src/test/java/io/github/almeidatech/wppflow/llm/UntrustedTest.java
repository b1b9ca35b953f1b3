package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UntrustedTest {

    @Test
    void what_people_write_stays_as_it_is() {
        String written = "Olá, 1ª vez aqui! 👩‍👩‍👧 مرحبا\nR$ 1.234,56";

        assertThat(Untrusted.text(written, 1_000)).isEqualTo(written);
        assertThat(Untrusted.line(written, 1_000)).doesNotContain("\n");
    }

    @Test
    void what_nobody_sees_is_left_out() {
        String tags = new StringBuilder("oi")
                .appendCodePoint(0xE0049)
                .appendCodePoint(0xE0067)
                .appendCodePoint(0x202E)
                .appendCodePoint(0x2066)
                .append("!")
                .toString();

        assertThat(Untrusted.text(tags, 100)).isEqualTo("oi!");
    }

    @Test
    void control_and_half_characters_become_spaces() {
        assertThat(Untrusted.text("a\u0000b\u001Bc\uD83Dd\uDE00e\r\nf", 100)).isEqualTo("a b c d e \nf");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void any_text_can_be_sent_and_keeps_its_bound(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            var text = new StringBuilder();
            for (int j = random.nextInt(60); j > 0; j--) {
                text.append((char) random.nextInt(0x10000));
            }
            int bound = 1 + random.nextInt(40);

            String sent = Untrusted.text(text.toString(), bound);

            assertThat(sent.length()).as("seed %d", seed).isLessThanOrEqualTo(bound + 1);
            assertThatCode(() -> Json.bytes(Json.object().put("text", sent)))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
    }
}
