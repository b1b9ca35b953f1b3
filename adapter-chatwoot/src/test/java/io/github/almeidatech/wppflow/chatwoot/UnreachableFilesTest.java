package io.github.almeidatech.wppflow.chatwoot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose place does not answer for a while: what stands beside them does not wait. */
class UnreachableFilesTest {

    private static final String URL = "https://files.example/tabela.pdf";
    private static final byte[] PDF = "%PDF-1.4 a price list".getBytes(StandardCharsets.US_ASCII);

    private static SenderFixture fixture(AtomicBoolean there, boolean withUser) {
        return new SenderFixture(
                chatwoot -> {},
                sender -> sender.files((tenant, file, max, limit) -> {
                    if (!there.get()) {
                        throw new MediaUnavailableException(Reason.UNREACHABLE, null);
                    }
                    return PDF;
                }),
                withUser);
    }

    @Test
    void what_stands_beside_a_file_whose_place_does_not_answer_is_said_at_once_and_the_file_follows() {
        var there = new AtomicBoolean();
        try (var fixture = fixture(there, true)) {
            var attempt = fixture.attempt(new SendAttachment(URL, "A tabela", Purpose.ANSWER));

            CommandResult first = fixture.sender.send(attempt);

            assertThat(first).isEqualTo(new CommandResult.Unclear("file_unreachable", Duration.ofSeconds(3)));
            assertThat(fixture.chatwoot.messagesIn(fixture.conversation)).containsExactly("A tabela");
            var again = fixture.again(attempt, first);
            fixture.clock.advance(Duration.ofMinutes(2));
            CommandResult second = fixture.sender.send(
                    fixture.attempt(again.command(), again.key(), again.attempt(), again.unclearSince()));
            assertThat(second).isEqualTo(new NotDone("file_unreachable", null));
            there.set(true);
            assertThat(fixture.sender.send(
                            fixture.attempt(again.command(), again.key(), again.attempt(), again.unclearSince())))
                    .isInstanceOf(Done.class);

            var transcript = fixture.chatwoot.transcript(fixture.conversation);
            assertThat(transcript).hasSize(3);
            assertThat(transcript.get(2).text()).isNullOrEmpty();
            assertThat(transcript.get(2).files()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_file_follows_as_soon_as_its_place_answers_also_without_a_token_to_look_with(boolean withUser) {
        var there = new AtomicBoolean();
        try (var fixture = fixture(there, withUser)) {
            var first = fixture.attempt(new SendAttachment(URL, "A tabela", Purpose.ANSWER));
            var second = fixture.again(first, fixture.sender.send(first));
            fixture.clock.advance(Duration.ofSeconds(3));
            CommandResult still = fixture.sender.send(second);
            assertThat(still).isEqualTo(new NotDone("file_unreachable", null));
            there.set(true);

            assertThat(fixture.sender.send(fixture.again(second, still))).isInstanceOf(Done.class);

            var transcript = fixture.chatwoot.transcript(fixture.conversation);
            assertThat(transcript).hasSize(3);
            assertThat(transcript.get(1).text()).isEqualTo("A tabela");
            assertThat(transcript.get(2).text()).isNullOrEmpty();
            assertThat(transcript.get(2).files()).hasSize(1);
        }
    }

    @Test
    void what_another_instance_has_tried_meanwhile_is_looked_for() {
        var there = new AtomicBoolean();
        try (var fixture = fixture(there, true);
                var other = fixture(there, false)) {
            var first = fixture.attempt(new SendAttachment(URL, "A tabela", Purpose.ANSWER));
            var second = fixture.again(first, fixture.sender.send(first));
            there.set(true);
            fixture.clock.advance(Duration.ofMinutes(2));
            var third = fixture.again(second, new CommandResult.Unclear("interrupted", null));

            assertThat(fixture.sender.send(third)).isInstanceOf(NotDone.class);
            assertThat(other.sender.send(other.attempt(first.command(), first.key(), 2, other.clock.instant())))
                    .as("which has no token to look with")
                    .isEqualTo(new Refused("unclear_without_user_token"));
            assertThat(fixture.chatwoot.messagesIn(fixture.conversation)).containsExactly("A tabela");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_place_that_stays_dead_is_given_up_with_the_eighth_try_and_the_words_are_said_once(boolean withUser) {
        try (var fixture = fixture(new AtomicBoolean(), withUser)) {
            var attempt = fixture.attempt(new SendAttachment(URL, "A tabela", Purpose.ANSWER));
            for (int tries = 1; tries < 8; tries++) {
                CommandResult result = fixture.sender.send(attempt);
                assertThat(result).as("try " + tries).isNotInstanceOf(Refused.class);
                attempt = fixture.again(attempt, result);
                fixture.clock.advance(Duration.ofSeconds(3));
            }

            assertThat(fixture.sender.send(attempt)).isEqualTo(new Refused("file_unreachable"));

            assertThat(fixture.chatwoot.messagesIn(fixture.conversation)).containsExactly("A tabela");
        }
    }

    @Test
    void tries_that_failed_at_chatwoot_are_not_the_files() {
        try (var fixture = fixture(new AtomicBoolean(), true)) {
            var attempt = fixture.attempt(new SendAttachment(URL, "", Purpose.ANSWER), "turn-1/x", 40, null);

            assertThat(fixture.sender.send(attempt)).isEqualTo(new NotDone("file_unreachable", null));
        }
    }

    @Test
    void failures_are_counted_anew_when_the_place_has_answered() {
        var there = new AtomicBoolean();
        try (var fixture = fixture(there, true)) {
            var attempt = fixture.attempt(new SendAttachment(URL, "", Purpose.ANSWER));
            for (int tries = 1; tries < 8; tries++) {
                attempt = fixture.again(attempt, fixture.sender.send(attempt));
            }
            there.set(true);
            fixture.chatwoot.faults().next(1, SenderFixture.CREATING, Fault.status(401));
            attempt = fixture.again(attempt, fixture.sender.send(attempt));
            there.set(false);

            assertThat(fixture.sender.send(attempt)).isEqualTo(new NotDone("file_unreachable", null));
        }
    }

    @Test
    void a_file_at_chatwoot_is_waited_for_as_long_as_chatwoot() {
        try (var fixture = fixture(new AtomicBoolean(), true)) {
            String url = fixture.chatwoot.baseUrl().resolve("/tabela.pdf").toString();
            var attempt = fixture.attempt(new SendAttachment(url, "", Purpose.ANSWER));
            for (int tries = 1; tries <= 20; tries++) {
                CommandResult result = fixture.sender.send(attempt);
                assertThat(result).as("try " + tries).isEqualTo(new NotDone("file_unreachable", null));
                attempt = fixture.again(attempt, result);
            }
        }
    }
}
