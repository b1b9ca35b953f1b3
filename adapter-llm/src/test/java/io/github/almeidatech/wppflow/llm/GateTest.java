package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateTest {

    private final ScriptedModel model =
            ScriptedModel.start().otherwise(ModelReply.text(Hotel.answer("A diária custa R$ 85,00.", "1")));

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void a_host_never_sees_more_calls_of_a_tenant_at_once_than_allowed() throws Exception {
        model.faults().always(request -> true, Fault.slow(Duration.ofMillis(10)));
        var limits = ModelLimits.builder().maxConcurrent(3).build();
        // Two accounts at the same host share its gate.
        var writer = Hotel.models(
                        limits,
                        Hotel.openAi(model).build(),
                        Hotel.openAi(model).chatModel("gpt-4.1-mini").build())
                .build()
                .answerWriter();
        var threads = Executors.newFixedThreadPool(20);
        try {
            var turns = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 40; i++) {
                String turn = "turn-" + i;
                turns.add(() ->
                        writer.write(Hotel.question("quanto custa?", turn)).isPresent());
            }

            for (var each : threads.invokeAll(turns)) {
                assertThat(each.get()).isTrue();
            }

            assertThat(model.mostAtOnce()).isBetween(2, 3);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_full_gate_is_reported_as_busy() {
        var limits = ModelLimits.builder()
                .maxPerMinute(1)
                .timeLimit(Duration.ofSeconds(1))
                .build();
        var writer = Hotel.models(limits, Hotel.openAi(model).build()).build().answerWriter();
        writer.write(Hotel.question("quanto custa?"));

        assertThat(catchThrowableOfType(LlmException.class, () -> writer.write(Hotel.question("quanto custa?")))
                        .error())
                .isEqualTo(LlmError.BUSY);
        assertThat(model.requests()).hasSize(1);
    }
}
