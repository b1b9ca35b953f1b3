package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.Turn;
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
            new Config.TurnTime(Duration.ofSeconds(10), null, Duration.ofMinutes(1), null, 0, List.of("portão"));
    private static final Config.TurnTime QUICK_SUPPORT =
            new Config.TurnTime(Duration.ofSeconds(1), null, null, 5, 4, List.of("fora do ar"));

    private final TurnTimes times = new TurnTimes(
            new Config.Turns(
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(30),
                    20,
                    null,
                    List.of("Chegada", "check-in"),
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
    void how_often_an_answer_may_be_dropped_is_told_by_the_latest_message() {
        assertThat(times.maxSupersedes(turn(message(1, ContentType.TEXT, "bom dia")), 2))
                .isEqualTo(2);
        assertThat(times.maxSupersedes(turn(message(7, ContentType.TEXT, "bom dia")), 2))
                .isZero();
        assertThat(times.maxSupersedes(
                        turn(
                                message(7, ContentType.TEXT, "bom dia"),
                                message(7, ContentType.TEXT, "o aplicativo não abre, está dando erro no login")),
                        2))
                .isEqualTo(4);
    }

    private static Turn turn(InboundMessage... messages) {
        return new Turn(
                messages[0].conversation(), "t", List.of(messages), 1, 0, 0, Instant.EPOCH, "token", messages.length);
    }

    @Test
    void a_voice_note_keeps_the_window_open_longer() {
        assertThat(times.of(message(7, ContentType.AUDIO, ""))).isEqualTo(timing(8, 60, 20));
    }

    @Test
    void a_word_of_the_intent_else_of_the_inbox_else_of_the_tenant_is_answered_at_once() {
        assertThat(flushes(1, "bom dia, CHEGADA!")).isTrue();
        assertThat(flushes(1, "bom dia, check in")).isTrue();
        assertThat(flushes(1, "bom dia, chegadaria")).as("a whole word").isFalse();
        assertThat(flushes(1, "bom dia, portão")).isFalse();
        assertThat(flushes(7, "bom dia, portao!")).isTrue();
        assertThat(flushes(7, "bom dia, chegada"))
                .as("the inbox has words of its own")
                .isFalse();
        assertThat(flushes(7, "o aplicativo não abre, está dando erro no login, o portão também"))
                .isFalse();
        assertThat(flushes(7, "o aplicativo não abre, está dando erro no login, fora do ar"))
                .isTrue();
        assertThat(flushes(7, "quero falar com um atendente"))
                .as("whatever is set")
                .isTrue();
    }

    private boolean flushes(long inbox, String text) {
        return times.flushesAtOnce(message(inbox, ContentType.TEXT, text));
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
