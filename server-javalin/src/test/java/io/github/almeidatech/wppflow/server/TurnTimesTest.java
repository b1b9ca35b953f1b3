package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.server.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnTimesTest {

    private static final Config.TurnTime SLOW_INBOX =
            new Config.TurnTime(Duration.ofSeconds(10), null, Duration.ofMinutes(1), null);
    private static final Config.TurnTime QUICK_SUPPORT = new Config.TurnTime(Duration.ofSeconds(1), null, null, 5);

    private final TurnTimes times = new TurnTimes(
            new Config.Turns(
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(30),
                    20,
                    Duration.ofMinutes(30),
                    Map.of("7", SLOW_INBOX),
                    Map.of("support", QUICK_SUPPORT)),
            Router.builder().build());

    @Test
    void an_intent_wins_over_the_inbox_and_the_inbox_over_the_tenant() {
        assertThat(times.of(message(1, ContentType.TEXT, "bom dia"))).isEqualTo(timing(4, 30, 20));
        assertThat(times.of(message(7, ContentType.TEXT, "bom dia"))).isEqualTo(timing(10, 60, 20));
        assertThat(times.of(message(7, ContentType.TEXT, "o aplicativo não abre, está dando erro no login")))
                .isEqualTo(timing(1, 60, 5));
        assertThat(times.general()).isEqualTo(timing(4, 30, 20));
    }

    @Test
    void a_voice_note_keeps_the_window_open_longer() {
        assertThat(times.of(message(7, ContentType.AUDIO, ""))).isEqualTo(timing(8, 60, 20));
    }

    private static TurnTiming timing(int quiet, int maxWait, int maxMessages) {
        return new TurnTiming(Duration.ofSeconds(quiet), Duration.ofSeconds(maxWait), maxMessages);
    }

    private static InboundMessage message(long inbox, ContentType type, String text) {
        return new InboundMessage(
                new ConversationId(new TenantId("pet-hotel"), 1, 88),
                1,
                inbox,
                Instant.EPOCH,
                type,
                text,
                List.of(),
                new Sender(5L, "Ana Exemplo", "5511990000009", "+5511990000009", "p:1"),
                null);
    }
}
