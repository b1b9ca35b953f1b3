package io.github.almeidatech.wppflow.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookCommandSenderTest extends WebhookFixture {

    private static final String PERSON = "+5511987770001";
    private static final Function<ConversationId, Optional<String>> PEOPLE =
            conversation -> conversation.equals(CONVERSATION) ? Optional.of(PERSON) : Optional.empty();

    private final List<Event> events = new ArrayList<>();

    @Test
    void a_call_is_signed_and_names_itself_its_cause_and_its_depth() {
        answers(200, "{\"message\":\"Workflow was started\"}");

        CommandResult result = send(1, new CallWebhook("reservas", Map.of("pet", "Bolt")));

        assertThat(result).isEqualTo(new CommandResult.Done(null));
        Received request = request();
        byte[] body = request.body();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.header("Content-Type")).startsWith("application/json");
        assertThat(request.header("X-Wppflow-Delivery")).isEqualTo("turn-7-1");
        assertThat(request.header("X-Wppflow-Cause")).isEqualTo("turn-7");
        assertThat(request.header("X-Wppflow-Depth")).isEqualTo("0");
        assertThat(request.header("X-Wppflow-Token")).isEqualTo(TOKEN);
        String timestamp = request.header("X-Wppflow-Timestamp");
        String signature = request.header("X-Wppflow-Signature");
        assertThat(WebhookSignature.holds(SECRET, timestamp, signature, body, NOW))
                .isTrue();
        JsonNode json = request.json();
        assertThat(json.path("event").asText()).isEqualTo("webhook_call");
        assertThat(json.path("id").asText()).isEqualTo("turn-7-1");
        assertThat(json.path("tenant_id").asText()).isEqualTo("pet-hotel");
        assertThat(json.path("conversation_id").asText()).isEqualTo("60");
        assertThat(json.path("data").path("pet").asText()).isEqualTo("Bolt");
        assertThat(request.header("Connection"))
                .as("no connection is used again that may be closed by now")
                .isEqualTo("close");
        assertThat(calls).containsExactly("reservas ok");
        assertThat(events).isEmpty();
    }

    @Test
    void a_policys_call_carries_the_policys_cause_and_depth() {
        answers(200, "");

        send(1, new CallWebhook("reservas", Map.of("policy", "long-stay", "cause_id", "event-3", "depth", 2)));

        Received request = request();
        assertThat(request.header("X-Wppflow-Cause")).isEqualTo("event-3");
        assertThat(request.json().path("depth").asInt()).isEqualTo(2);
    }

    @Test
    void an_overloaded_webhook_that_says_try_at_once_is_not_called_twice_in_one_attempt() {
        answers(503, Map.of("Retry-After", "0"));
        answers(200, "");

        assertThat(send(1, call())).isEqualTo(new CommandResult.Unclear("connection_broken", null));

        assertThat(requestCount).hasValue(1);
    }

    @Test
    void a_repetition_has_the_same_id() {
        answers(500, "{\"message\":\"Error in workflow\"}");
        answers(200, "");

        assertThat(send(1, call())).isEqualTo(new CommandResult.Unclear("http_500", null));
        assertThat(send(2, call())).isEqualTo(new CommandResult.Done(null));

        assertThat(request().header("X-Wppflow-Delivery")).isEqualTo(request().header("X-Wppflow-Delivery"));
    }

    @ParameterizedTest
    @CsvSource({
        "302, Refused[reason=http_302]",
        "400, Refused[reason=http_400]",
        "401, Refused[reason=http_401]",
        "403, Refused[reason=http_403]",
        "408, 'NotDone[reason=http_408, after=null]'",
        "422, Refused[reason=http_422]",
        "429, 'NotDone[reason=http_429, after=null]'",
        "502, 'Unclear[reason=http_502, after=null]'",
        "524, 'Unclear[reason=http_524, after=null]'"
    })
    void each_status_has_its_meaning(int status, String meaning) {
        answers(status, "{}");

        assertThat(send(1, call())).hasToString(meaning);
    }

    @Test
    void a_pause_asked_for_is_kept() {
        answers(429, Map.of("Retry-After", "7"));
        answers(429, Map.of("Retry-After", "tomorrow"));

        assertThat(send(1, call())).isEqualTo(new CommandResult.NotDone("http_429", Duration.ofSeconds(7)));
        assertThat(send(2, call())).isEqualTo(new CommandResult.NotDone("http_429", null));
    }

    @Test
    void a_workflow_that_is_not_active_is_tried_four_times_and_then_left_to_a_person() {
        String notActive = "{\"code\":404,\"message\":\"The requested webhook is not registered.\"}";
        answers(404, notActive);
        answers(404, notActive);

        assertThat(send(3, call())).isEqualTo(new CommandResult.NotDone("not_active", Duration.ofSeconds(30)));
        assertThat(send(4, call())).isEqualTo(new CommandResult.Refused("not_active"));
    }

    @Test
    void an_answer_that_takes_too_long_leaves_it_unclear() {
        limit = Duration.ofMillis(200);
        thinksForEver();

        assertThat(send(1, call())).isEqualTo(new CommandResult.Unclear("time_limit", null));
        assertThat(calls).containsExactly("reservas failed");
    }

    @Test
    void a_connection_that_breaks_leaves_it_unclear() {
        breaksTheConnection();

        assertThat(send(1, call())).isEqualTo(new CommandResult.Unclear("connection_broken", null));
    }

    @Test
    void an_answer_without_end_is_not_read_to_the_end() {
        answers(200, "x".repeat((1 << 20) + 1));

        assertThat(send(1, call())).isEqualTo(new CommandResult.Unclear("connection_broken", null));
    }

    @Test
    void nobody_at_the_address_means_not_done() throws IOException {
        try (var free = new ServerSocket(0)) {
            elsewhere = URI.create("http://127.0.0.1:" + free.getLocalPort() + "/webhook/x");
        }

        assertThat(send(1, call())).isEqualTo(new CommandResult.NotDone("unreachable", null));
    }

    @Test
    void a_forbidden_address_is_never_tried_again() {
        var forbidding = new OkHttpClient.Builder()
                .dns(host -> {
                    throw new java.net.UnknownHostException("forbidden");
                })
                .build();
        elsewhere = URI.create("http://inside.example/webhook/x");
        var client = new WebhookClient(
                target -> forbidding,
                failure -> "forbidden".equals(failure.getMessage()),
                () -> NOW,
                WebhookListener.NONE);

        assertThat(new WebhookCommandSender(client, this::target, PEOPLE, events::addAll, () -> NOW)
                        .send(attempt(1, call())))
                .isEqualTo(new CommandResult.Refused("forbidden_address"));
    }

    @Test
    void the_answer_becomes_an_event_where_that_is_wanted() {
        answerIsEvent = true;
        answers(200, "{\"reserva\":17}");
        answers(200, "ok");

        send(1, new CallWebhook("reservas", Map.of("cause_id", "event-3", "depth", 2)));
        send(1, call());

        assertThat(events).extracting(Event::type).containsOnly("webhook.answered");
        assertThat(events.get(0).payload()).containsEntry("answer", Map.of("reserva", 17));
        assertThat(events.get(0).causeId()).isEqualTo("event-3");
        assertThat(events.get(0).depth()).isEqualTo(2);
        assertThat(events.get(1).payload()).containsEntry("answer", "ok");
        assertThat(events.get(0).id()).isEqualTo(events.get(1).id());
        assertThat(events)
                .extracting(Event::personKey)
                .as("found when the person is to be forgotten")
                .containsOnly(PERSON);
    }

    @Test
    void what_is_not_configured_or_not_a_webhook_is_refused() {
        assertThat(send(1, new CallWebhook("other", Map.of()))).isEqualTo(new CommandResult.Refused("unknown_webhook"));
        assertThat(send(1, new OutboundCommand.AddPrivateNote("x")))
                .isEqualTo(new CommandResult.Refused("not_a_webhook"));
    }

    @Test
    void nothing_is_sent_after_the_lease() {
        var sender =
                new WebhookCommandSender(client(), this::target, PEOPLE, events::addAll, () -> NOW.plusSeconds(60));

        assertThat(sender.send(attempt(1, call()))).isEqualTo(new CommandResult.NotDone("lease_over", null));
        assertThat(requestCount).hasValue(0);
    }

    @Test
    void a_signature_holds_for_its_body_secret_and_time_only() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        var signed = WebhookSignature.of(SECRET, NOW, body);

        assertThat(WebhookSignature.holds(SECRET, signed.timestamp(), signed.signature(), body, NOW.plusSeconds(300)))
                .isTrue();
        assertThat(WebhookSignature.holds(SECRET, signed.timestamp(), signed.signature(), body, NOW.plusSeconds(301)))
                .isFalse();
        assertThat(WebhookSignature.holds(TOKEN, signed.timestamp(), signed.signature(), body, NOW))
                .isFalse();
        assertThat(WebhookSignature.holds(SECRET, signed.timestamp(), signed.signature(), new byte[1], NOW))
                .isFalse();
        assertThat(WebhookSignature.holds(SECRET, null, signed.signature(), body, NOW))
                .isFalse();
        assertThat(WebhookSignature.holds(SECRET, signed.timestamp(), null, body, NOW))
                .isFalse();
        assertThat(WebhookSignature.holds(SECRET, "now", signed.signature(), body, NOW))
                .isFalse();
    }

    private static CallWebhook call() {
        return new CallWebhook("reservas", Map.of());
    }

    private CommandResult send(int attempt, OutboundCommand command) {
        return new WebhookCommandSender(client(), this::target, PEOPLE, events::addAll, () -> NOW)
                .send(attempt(attempt, command));
    }

    private static CommandAttempt attempt(int number, OutboundCommand command) {
        return new CommandAttempt(
                5, CONVERSATION, "turn-7", "turn-7-1", command, number, null, NOW.plusSeconds(60), "token");
    }
}
