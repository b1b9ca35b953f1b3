package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command's key leads back to what the command was for. */
class CommandKeyTest {

    private static final String TURN = Uuid7.at(Instant.EPOCH);

    @Test
    void a_key_leads_to_its_turn_and_so_does_that_of_a_part() {
        String key = CommandAttempt.key(TURN, 12);

        assertThat(CommandAttempt.causeOf(key)).contains(TURN);
        assertThat(CommandAttempt.causeOf(key + "-caption")).contains(TURN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "somebody-elses", "true"})
    void another_key_leads_nowhere(String key) {
        assertThat(CommandAttempt.causeOf(key)).isEmpty();
    }
}
