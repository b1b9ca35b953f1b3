package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatwootVersionTest {

    @ParameterizedTest
    @CsvSource({
        "4.15.1, 4.15.1",
        "4.15.1-name.02, 4.15.1",
        "v4.9, 4.9.0",
        "' 4.2.0\n', 4.2.0",
        "3.16.0-ce, 3.16.0",
        "'', unknown",
        "develop, unknown",
        "4, unknown",
        "99999.1.1, unknown",
    })
    void version_texts_are_read_tolerantly(String text, String version) {
        assertThat(ChatwootVersion.parse(text)).hasToString(version);
    }

    @Test
    void each_ability_begins_with_its_release() {
        assertThat(ChatwootVersion.parse("4.8.9").rendersMarkdown()).isFalse();
        assertThat(ChatwootVersion.parse("4.9.0").rendersMarkdown()).isTrue();
        assertThat(ChatwootVersion.parse("4.8.9").keepsContentAttributes()).isFalse();
        assertThat(ChatwootVersion.parse("4.9.0").keepsContentAttributes()).isTrue();
        assertThat(ChatwootVersion.parse("4.11.2").botMayType()).isFalse();
        assertThat(ChatwootVersion.parse("4.12.0").botMayType()).isTrue();
        assertThat(ChatwootVersion.parse("4.11.2").signsAccountWebhooks()).isFalse();
        assertThat(ChatwootVersion.parse("4.12.0").signsAccountWebhooks()).isTrue();
        assertThat(ChatwootVersion.parse("4.12.1").signsBotWebhooks()).isFalse();
        assertThat(ChatwootVersion.parse("4.13.0").signsBotWebhooks()).isTrue();
        assertThat(ChatwootVersion.parse("4.14.1").botMayReadConversation()).isFalse();
        assertThat(ChatwootVersion.parse("4.14.2").botMayReadConversation()).isTrue();
        assertThat(ChatwootVersion.parse("5.0.0").botMayReadConversation()).isTrue();
        assertThat(ChatwootVersion.parse("3.99.99").rendersMarkdown()).isFalse();
    }

    @Test
    void a_server_that_does_not_tell_is_taken_for_a_recent_one() {
        assertThat(ChatwootVersion.UNKNOWN.known()).isFalse();
        assertThat(ChatwootVersion.UNKNOWN.botMayReadConversation()).isTrue();
        assertThat(ChatwootVersion.parse("4.15.1").known()).isTrue();
    }
}
