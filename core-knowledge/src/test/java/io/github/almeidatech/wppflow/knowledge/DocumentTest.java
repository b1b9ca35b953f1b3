package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DocumentTest {

    @Test
    void an_id_has_one_to_two_hundred_characters() {
        assertThatThrownBy(() -> new Document(" ", "t", "c", null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Document("x".repeat(201), "t", "c", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_document_has_text() {
        assertThatThrownBy(() -> new Document("a", " ", "\n", null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_question_wants_one_to_fifty_sources() {
        assertThatThrownBy(() -> new Question("x", "", 0, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Question("x", "", 51, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
