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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

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

    @Test
    void without_a_token_to_look_for_the_words_again_they_are_said_and_the_file_is_left_to_people() {
        try (var fixture = fixture(new AtomicBoolean(), false)) {
            assertThat(fixture.send(new SendAttachment(URL, "A tabela", Purpose.ANSWER)))
                    .isEqualTo(new Refused("file_unreachable"));
            assertThat(fixture.send(new SendAttachment(URL, "", Purpose.ANSWER)))
                    .isEqualTo(new NotDone("file_unreachable", null));

            assertThat(fixture.chatwoot.messagesIn(fixture.conversation)).containsExactly("A tabela");
        }
    }
}
