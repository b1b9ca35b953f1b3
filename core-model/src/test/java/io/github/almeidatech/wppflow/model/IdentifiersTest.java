package io.github.almeidatech.wppflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");

    @ParameterizedTest
    @ValueSource(strings = {"a", "pet-hotel", "0_x", "abcdefghijklmnopqrstuvwxyz0123456789-_abcdefghijklmnopqrstuvwxy"})
    void a_slug_is_a_tenant_id_and_prints_as_itself(String slug) {
        assertThat(new TenantId(slug)).hasToString(slug);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "_a", "Pet", "a b", "a/b", "é", "../x"})
    void anything_else_is_no_tenant_id(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TenantId(text));
        assertThatIllegalArgumentException().isThrownBy(() -> new TenantId("a".repeat(64)));
    }

    @Test
    void a_conversation_key_can_be_read_back() {
        var conversation = new ConversationId(TENANT, 3, 88);

        assertThat(conversation.key()).isEqualTo("3/88");
        assertThat(ConversationId.of(TENANT, "3/88")).isEqualTo(conversation).hasToString("pet-hotel/3/88");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "88", "/88", "3/", "3/0", "3/-1", "x/1"})
    void a_broken_conversation_key_is_refused(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> ConversationId.of(TENANT, key));
    }

    @Test
    void a_conversation_needs_an_account_and_a_number() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ConversationId(TENANT, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ConversationId(TENANT, 1, 0));
    }

    @Test
    void identifiers_of_later_milliseconds_sort_later() {
        String earlier = Uuid7.at(Instant.ofEpochMilli(1_788_264_000_000L));
        String later = Uuid7.at(Instant.ofEpochMilli(1_788_264_000_001L));

        assertThat(earlier)
                .isLessThan(later)
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void identifiers_of_one_millisecond_differ() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 10_000; i++) {
            seen.add(Uuid7.at(Instant.EPOCH));
        }
        assertThat(seen).hasSize(10_000);
    }

    @ParameterizedTest
    @CsvSource({"pt, PT_BR", "pt-BR, PT_BR", "es-AR, ES", "en_US, EN", "fr, PT_BR", "'', PT_BR"})
    void a_language_tag_is_read_tolerantly(String tag, Language language) {
        assertThat(Language.ofTag(tag)).isEqualTo(language);
    }

    @Test
    void every_language_is_found_by_its_own_tag() {
        for (Language language : Language.values()) {
            assertThat(Language.ofTag(language.tag())).isEqualTo(language);
        }
    }

    @Test
    void words_are_lower_case() {
        assertThat(ContentType.DOCUMENT.word()).isEqualTo("document");
        assertThat(ConversationStatus.PENDING.word()).isEqualTo("pending");
    }
}
