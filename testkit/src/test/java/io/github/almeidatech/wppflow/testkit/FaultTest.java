package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultTest {

    private static final Predicate<SeenRequest> CREATE = SeenRequest.matching("POST", "/conversations/*/messages");

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final SimulatedChatwoot chatwoot =
            SimulatedChatwoot.builder().clock(clock).start();
    private final Api bot = Api.bot(chatwoot);
    private final long conversation =
            chatwoot.customer("+5511990000002", "Joao").writes("oi").conversation();

    @AfterEach
    void close() {
        chatwoot.close();
    }

    private Api.Response create() throws Exception {
        return bot.post("/account/conversations/" + conversation + "/messages", "{\"content\":\"Olá\"}");
    }

    @Test
    void a_status_before_doing_leaves_nothing_done_and_strikes_as_often_as_asked() throws Exception {
        chatwoot.faults().next(2, CREATE, Fault.status(500));

        assertThat(create().status()).isEqualTo(500);
        assertThat(create().body()).startsWith("<!DOCTYPE html>");
        assertThat(create().status()).isEqualTo(200);
        assertThat(chatwoot.createdThroughApi()).isEqualTo(1);
        assertThat(chatwoot.faults().struck()).isEqualTo(2);
    }

    @Test
    void a_status_after_doing_hides_that_it_was_done() throws Exception {
        chatwoot.faults().next(1, CREATE, Fault.status(422).afterDoing());

        var answer = create();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("error").asText()).isEqualTo("Simulated failure");
        assertThat(chatwoot.messagesIn(conversation)).containsExactly("Olá");
    }

    @Test
    void connections_drop_before_or_after_doing() {
        chatwoot.faults().next(1, CREATE, Fault.drop());
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        assertThat(chatwoot.createdThroughApi()).isZero();

        chatwoot.faults().next(1, CREATE, Fault.drop().afterDoing());
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        assertThat(chatwoot.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void answers_are_cut_dripped_garbled_or_slow() throws Exception {
        chatwoot.faults().next(1, CREATE, Fault.cut());
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        chatwoot.faults()
                .next(1, CREATE, Fault.drip(Duration.ofNanos(1)))
                .next(1, CREATE, Fault.garbage())
                .next(1, CREATE, Fault.slow(Duration.ofMillis(50)))
                .next(1, CREATE, Fault.answer(503, "text/plain", "busy"));

        assertThat(create().json().path("content").asText()).isEqualTo("Olá");
        assertThat(create().json().isMissingNode()).isTrue();
        long begun = System.nanoTime();
        assertThat(create().status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(49));
        assertThat(create().body()).isEqualTo("busy");
        assertThat(chatwoot.createdThroughApi()).isEqualTo(3);
    }

    @Test
    void the_rate_limiter_answers_in_plain_text_with_or_without_a_hint() throws Exception {
        chatwoot.faults().next(1, CREATE, Fault.rateLimited()).next(1, CREATE, Fault.rateLimited("7"));

        var bare = create();
        var hinted = create();

        assertThat(bare.status()).isEqualTo(429);
        assertThat(bare.http().headers().firstValue("Retry-After")).isEmpty();
        assertThat(bare.http().headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(hinted.http().headers().firstValue("Retry-After")).contains("7");
    }

    @Test
    void a_message_can_stay_out_of_lists_for_a_while() throws Exception {
        chatwoot.faults().next(1, CREATE, Fault.hidden(Duration.ofSeconds(30)));
        create();
        chatwoot.faults().next(1, CREATE, Fault.drop().afterDoing().hiding(Duration.ofSeconds(60)));
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        var path = "/account/conversations/" + conversation + "/messages";

        assertThat(Api.user(chatwoot).get(path).json().path("payload")).hasSize(1);
        clock.advance(Duration.ofSeconds(30));
        assertThat(Api.user(chatwoot).get(path).json().path("payload")).hasSize(2);
        clock.advance(Duration.ofSeconds(30));
        assertThat(Api.user(chatwoot).get(path).json().path("payload")).hasSize(3);
        assertThat(chatwoot.messagesIn(conversation)).hasSize(2);
    }

    @Test
    void a_hanging_call_ends_with_the_system() {
        chatwoot.faults().always(CREATE, Fault.hang());
        var call = CompletableFuture.runAsync(
                () -> assertThatThrownBy(this::create).isInstanceOf(IOException.class));
        await().until(() -> chatwoot.faults().struck() == 1);
        assertThat(call).isNotDone();

        chatwoot.close();

        assertThat(call).succeedsWithin(Receiver.limit());
    }

    @Test
    void other_requests_stay_healthy_and_faults_can_be_forgotten() throws Exception {
        chatwoot.faults().always(SeenRequest.matching("*", "/labels"), Fault.status(500));

        assertThat(create().status()).isEqualTo(200);
        assertThat(bot.get("/account/conversations/1/labels").status()).isEqualTo(500);
        chatwoot.faults().clear();
        assertThat(bot.get("/account/conversations/1/labels").status()).isEqualTo(200);
        assertThat(SeenRequest.matching("GET", "/conversations/*/messages")
                        .test(chatwoot.requests().get(0)))
                .isFalse();
    }

    @Test
    void requests_are_kept_with_what_they_said() throws Exception {
        create();
        bot.get("/account/conversations/1/labels?a=1&a=2&b=%C3%A9&c");

        var requests = chatwoot.requests();
        assertThat(requests.get(0).json().path("content").asText()).isEqualTo("Olá");
        assertThat(requests.get(0).header("API_ACCESS_TOKEN")).contains(chatwoot.botToken());
        assertThat(requests.get(0).toString()).isEqualTo("POST /api/v1/accounts/1/conversations/1/messages (18 bytes)");
        assertThat(requests.get(1).queryAll("a")).containsExactly("1", "2");
        assertThat(requests.get(1).query("b")).contains("é");
        assertThat(requests.get(1).query("c")).contains("");
        assertThat(requests.get(1).query("d")).isEmpty();
        assertThat(requests.get(1).json().isMissingNode()).isTrue();
    }
}
