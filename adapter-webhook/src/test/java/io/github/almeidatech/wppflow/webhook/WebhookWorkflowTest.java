package io.github.almeidatech.wppflow.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.assistant.Workflow;
import io.github.almeidatech.wppflow.assistant.Workflow.Failed;
import io.github.almeidatech.wppflow.assistant.Workflow.Failure;
import io.github.almeidatech.wppflow.assistant.WorkflowAnswer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookWorkflowTest extends WebhookFixture {

    private WebhookWorkflow workflow;

    @Test
    void a_question_is_signed_and_carries_its_correlation_id() {
        answers(200, "{\"text\":\"Temos vaga!\"}");

        Workflow.Outcome outcome = ask();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Workflow.Answered.class,
                        has -> assertThat(has.answer().messages())
                                .containsExactly(new WorkflowAnswer.Message("Temos vaga!", null)));
        Received request = request();
        assertThat(WebhookSignature.holds(
                        SECRET,
                        request.header("X-Wppflow-Timestamp"),
                        request.header("X-Wppflow-Signature"),
                        request.body(),
                        NOW))
                .isTrue();
        assertThat(request.header("X-Wppflow-Delivery")).isEqualTo("1.60.turn.3");
        JsonNode json = request.json();
        assertThat(json.path("event").asText()).isEqualTo("answer_wanted");
        assertThat(json.path("correlation_id").asText()).isEqualTo("1.60.turn.3");
        assertThat(json.path("conversation_id").asText()).isEqualTo("60");
        assertThat(json.path("answer_until").asText()).isEqualTo("2026-09-01T12:02:00Z");
        assertThat(json.path("data").path("language").asText()).isEqualTo("pt-BR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{\"message\":\"Workflow was started\"}", "{\"later\":true}", "[{\"later\":true}]"})
    void an_answer_that_is_none_yet_means_later(String body) {
        answers(200, body);

        assertThat(ask()).isEqualTo(new Workflow.Later());
    }

    @Test
    void accepted_means_later_whatever_it_says() {
        answers(202, "{\"queued\":1}");
        assertThat(ask()).isEqualTo(new Workflow.Later());
    }

    @Test
    void the_items_of_an_n8n_node_are_taken_when_there_is_one() {
        answers(200, "[{\"messages\":[\"a\",\"b\"]}]");
        assertThat(ask()).isInstanceOf(Workflow.Answered.class);

        answers(200, "[{\"text\":\"a\"},{\"text\":\"b\"}]");
        assertThat(ask()).isEqualTo(new Failed(Failure.INVALID_ANSWER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Olá!",
                "<html>Error</html>",
                "\"text\"",
                "[]",
                "null",
                "{}",
                "{\"output\":\"Olá\"}",
                "{\"message\":\"Workflow was started\",\"more\":1}",
                "{\"text\":\"\"}",
                "{\"text\":{\"a\":1}}",
                "{\"text\":\"a\""
            })
    void garbage_is_no_answer(String body) {
        answers(200, body);

        assertThat(ask()).isEqualTo(new Failed(Failure.INVALID_ANSWER));
    }

    @ParameterizedTest
    @CsvSource({
        "302, REFUSED",
        "400, REFUSED",
        "401, REFUSED",
        "403, REFUSED",
        "404, NOT_ACTIVE",
        "410, NOT_ACTIVE",
        "429, OVERLOADED",
        "500, BROKEN",
        "503, OVERLOADED",
        "524, BROKEN"
    })
    void each_status_has_its_meaning(int status, Failure meaning) {
        answers(status, "{\"text\":\"never said\"}");

        assertThat(ask()).isEqualTo(new Failed(meaning));
    }

    @Test
    void an_answer_with_a_file_counts_when_files_may_be_sent_from_there() {
        answers(200, "{\"attachment\":\"https://files.example/a.pdf\"}");
        assertThat(ask()).isInstanceOf(Workflow.Answered.class);

        answers(200, "{\"text\":\"x\",\"attachment\":\"https://elsewhere.example/a.pdf\"}");
        assertThat(ask()).isEqualTo(new Failed(Failure.INVALID_ANSWER));
    }

    @Test
    void a_slow_workflow_is_not_waited_for() {
        limit = Duration.ofMillis(200);
        thinksForEver();

        assertThat(ask()).isEqualTo(new Failed(Failure.TIME_LIMIT));
    }

    @Test
    void nobody_at_the_address_and_no_such_workflow_are_failures_too() {
        elsewhere = URI.create("http://127.0.0.1:1/webhook");
        assertThat(ask()).isEqualTo(new Failed(Failure.UNREACHABLE));
        assertThat(workflow().ask(request("other"))).isEqualTo(new Failed(Failure.UNKNOWN));
    }

    @Test
    void one_that_fails_five_times_in_a_row_is_left_alone_for_a_while() {
        for (int i = 0; i < 5; i++) {
            answers(500, "");
            assertThat(ask()).isEqualTo(new Failed(Failure.BROKEN));
        }

        assertThat(ask()).isEqualTo(new Failed(Failure.PAUSED));
        assertThat(requestCount).hasValue(5);
    }

    @Test
    void a_target_without_any_proof_of_us_or_with_a_weak_one_is_refused() {
        URI url = URI.create("https://n8n.example/webhook/x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookTarget("x", url, null, null, limit, false, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookTarget("x", url, "short", null, limit, false, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookTarget("x", url, null, "short", limit, false, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookTarget("x", url, SECRET, null, Duration.ZERO, false, false));
        assertThat(new WebhookTarget("x", url, SECRET, null, limit, false, false).toString())
                .isEqualTo("WebhookTarget[x]");
    }

    private Workflow.Outcome ask() {
        return workflow().ask(request("reservas"));
    }

    private WebhookWorkflow workflow() {
        if (workflow == null) {
            workflow = new WebhookWorkflow(
                    client(), this::target, (tenant, url) -> url.startsWith("https://files.example/"));
        }
        return workflow;
    }

    private static Workflow.Request request(String bot) {
        return new Workflow.Request(
                bot, CONVERSATION, "1.60.turn.3", "turn", NOW.plusSeconds(120), Map.of("language", "pt-BR"));
    }
}
