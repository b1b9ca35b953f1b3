package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.LISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.normalizer.Normalized;
import io.github.almeidatech.wppflow.normalizer.Normalizer;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatchUpReaderTest {

    private static final OkHttpClient HTTP = new OkHttpClient();

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final SimulatedChatwoot chatwoot =
            SimulatedChatwoot.builder().clock(clock).messagesPerMinute(10_000).start();
    private final ChatwootClient client = ChatwootClient.builder(
                    HTTP, chatwoot.baseUrl(), chatwoot.accountId(), chatwoot.botToken())
            .userToken(chatwoot.userToken())
            .clock(clock)
            .maxPerSecond(1_000)
            .build();
    private final List<Long> offered = new ArrayList<>();
    private final Set<Long> known = new HashSet<>();
    private final CatchUpReader.Sink sink = (conversation, message) -> {
        offered.add(message.path("id").asLong());
        return known.add(message.path("id").asLong());
    };

    @AfterEach
    void stop() {
        chatwoot.close();
    }

    private CatchUpReader.Builder builder() {
        return CatchUpReader.builder(client).clock(clock).maxPerSecond(10_000);
    }

    private Customer customer(int number) {
        return chatwoot.customer(String.format("+55119000%05d", number), "Cliente " + number);
    }

    private void later(Duration time) {
        clock.advance(time);
    }

    @Test
    void what_was_written_while_nobody_listened_is_handed_over_oldest_first() {
        var ids = new ArrayList<Long>();
        for (int i = 0; i < 3; i++) {
            ids.add(customer(1).writes("m" + i).id());
        }
        later(Duration.ofMinutes(5));

        CatchUpReport report = builder().build().run(sink);

        assertThat(offered).isEqualTo(ids);
        assertThat(report).isEqualTo(new CatchUpReport(1, 1, 3, 3, 0, 3, true, null, null));
        assertThat(report.stoppedBy()).isEmpty();
    }

    @Test
    void peoples_and_bots_messages_and_notes_are_handed_over_too_for_they_tell_whose_it_is() {
        ChatMessage first = customer(1).writes("oi");
        chatwoot.agent().writes(first.conversation(), "Deixa comigo");
        chatwoot.agent().notes(first.conversation(), "#bot off");
        later(Duration.ofMinutes(5));

        builder().build().run(sink);

        assertThat(offered).hasSize(3);
    }

    @Test
    void a_second_run_of_an_idle_account_costs_one_call() {
        customer(1).writes("oi");
        later(Duration.ofMinutes(5));
        var reader = builder().build();
        reader.run(sink);
        later(Duration.ofMinutes(20));
        reader.run(sink);
        later(Duration.ofMinutes(3));

        CatchUpReport report = reader.run(sink);

        assertThat(report.calls()).isEqualTo(1);
        assertThat(report.complete()).isTrue();
        assertThat(offered).hasSize(1);
    }

    @Test
    void only_what_is_new_in_a_conversation_is_handed_over_by_the_next_run() {
        customer(1).writes("um");
        later(Duration.ofMinutes(5));
        var reader = builder().build();
        reader.run(sink);
        long second = customer(1).writes("dois").id();
        later(Duration.ofMinutes(3));

        CatchUpReport report = reader.run(sink);

        assertThat(report.offered()).isEqualTo(1);
        assertThat(offered).endsWith(second).hasSize(2);
    }

    @Test
    void messages_of_the_last_moments_are_left_to_their_webhooks_and_looked_at_next_time() {
        customer(1).writes("antes");
        later(Duration.ofSeconds(31));
        long young = customer(1).writes("agora").id();
        var reader = builder().build();

        reader.run(sink);
        assertThat(offered).hasSize(1).doesNotContain(young);

        later(Duration.ofMinutes(3));
        reader.run(sink);
        assertThat(offered).hasSize(2).contains(young);
    }

    @Test
    void what_was_written_before_anybody_listened_has_no_webhook_to_be_left_to() {
        long before = customer(1).writes("antes").id();
        later(Duration.ofSeconds(1));
        var reader = builder().listeningSince(clock.instant()).build();
        customer(1).writes("agora");

        reader.run(sink);

        assertThat(offered).containsExactly(before);
    }

    @Test
    void a_lost_webhook_between_delivered_ones_is_found() {
        customer(1).writes("um");
        later(Duration.ofMinutes(5));
        var reader = builder().build();
        reader.run(sink);
        long lost = customer(1).writes("perdido").id();
        known.add(customer(1).writes("entregue").id());
        later(Duration.ofMinutes(3));

        CatchUpReport report = reader.run(sink);

        assertThat(report.offered()).isEqualTo(2);
        assertThat(report.missed()).isEqualTo(1);
        assertThat(offered).contains(lost);
    }

    @Test
    void long_conversations_are_read_back_page_by_page() {
        for (int i = 0; i < 65; i++) {
            customer(1).writes("m" + i);
        }
        later(Duration.ofMinutes(5));

        builder().build().run(sink);

        assertThat(offered).hasSize(65).isSorted();
    }

    @Test
    void nothing_older_than_the_reach_is_handed_over() {
        customer(1).writes("velho");
        customer(2).writes("velho");
        later(Duration.ofHours(25));
        long recent = customer(1).writes("novo").id();
        later(Duration.ofMinutes(1));

        CatchUpReport report = builder().build().run(sink);

        assertThat(offered).containsExactly(recent);
        assertThat(report.conversations()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "P1D", "P300D"})
    void what_was_read_by_a_clock_that_was_ahead_is_not_taken_for_read_when_it_is_set_back(Duration ahead) {
        var reader = builder().build();
        clock.advance(ahead);
        reader.run(sink);
        clock.advance(ahead.negated());
        ChatMessage lost = customer(1).writes("oi");
        later(Duration.ofMinutes(5));

        reader.run(sink);

        assertThat(offered).containsExactly(lost.id());
    }

    @Test
    void a_walk_begun_by_a_clock_that_was_ahead_is_begun_anew_when_it_is_set_back() {
        for (int i = 0; i < 3; i++) {
            customer(i).writes("oi");
        }
        later(Duration.ofMinutes(5));
        var reader = builder().maxCalls(2).reach(Duration.ofDays(2)).build();
        clock.advance(Duration.ofDays(1));
        reader.run(sink);
        clock.advance(Duration.ofDays(-1));
        ChatMessage lost = customer(3).writes("oi");
        later(Duration.ofMinutes(5));

        while (!reader.run(sink).complete()) {
            assertThat(offered).doesNotHaveDuplicates();
        }

        assertThat(offered).contains(lost.id()).hasSize(4);
    }

    @Test
    void only_the_inboxes_served_are_looked_at() {
        customer(1).writes("oi");
        later(Duration.ofMinutes(5));

        CatchUpReport report = builder().inboxes(Set.of(999L)).build().run(sink);

        assertThat(report.conversations()).isZero();
        assertThat(report.complete()).isTrue();
        assertThat(offered).isEmpty();
        builder().inboxes(Set.of(chatwoot.inboxId())).build().run(sink);
        assertThat(offered).hasSize(1);
    }

    @Test
    void many_conversations_are_taken_in_bounded_runs_until_all_are_done() {
        for (int i = 0; i < 60; i++) {
            customer(i).writes("oi");
        }
        later(Duration.ofMinutes(5));
        var reader = builder().maxCalls(25).build();

        int runs = 0;
        CatchUpReport report;
        do {
            report = reader.run(sink);
            assertThat(report.calls()).isLessThanOrEqualTo(25);
        } while (!report.complete() && ++runs < 10);

        assertThat(offered).hasSize(60).doesNotHaveDuplicates();
        assertThat(runs).isBetween(2, 5);
    }

    @Test
    void what_the_sink_could_not_take_comes_again() {
        long first = customer(1).writes("um").id();
        long second = customer(1).writes("dois").id();
        customer(2).writes("outro");
        later(Duration.ofMinutes(5));
        var reader = builder().build();
        var fails = new HashSet<>(Set.of(second));

        CatchUpReport report = reader.run((conversation, message) -> {
            if (fails.remove(message.path("id").asLong())) {
                throw new IllegalStateException("the store is away");
            }
            return sink.offer(conversation, message);
        });
        assertThat(report.failed()).isEqualTo(1);
        assertThat(offered).hasSize(2).contains(first).doesNotContain(second);

        reader.run(sink);
        assertThat(offered).hasSize(3).contains(second).doesNotHaveDuplicates();
    }

    @Test
    void a_sink_that_takes_nothing_ends_the_run() {
        for (int i = 0; i < 10; i++) {
            customer(i).writes("oi");
        }
        later(Duration.ofMinutes(5));

        CatchUpReport report = builder().build().run((conversation, message) -> {
            throw new IllegalStateException("the store is away");
        });

        assertThat(report.failed()).isEqualTo(5);
        assertThat(report.complete()).isFalse();
    }

    @Test
    void a_conversation_that_cannot_be_read_does_not_stop_the_others() {
        customer(1).writes("um");
        customer(2).writes("dois");
        later(Duration.ofMinutes(5));
        chatwoot.faults().next(1, LISTING, Fault.status(404));

        CatchUpReport report = builder().build().run(sink);

        assertThat(report.failed()).isEqualTo(1);
        assertThat(offered).hasSize(1);
    }

    @Test
    void a_chatwoot_that_fails_stops_the_run_and_the_next_one_goes_on() {
        customer(1).writes("um");
        customer(2).writes("dois");
        later(Duration.ofMinutes(5));
        var reader = builder().build();
        chatwoot.faults().next(1, LISTING, Fault.status(502));
        CatchUpReport stopped = reader.run(sink);
        assertThat(stopped.stoppedBy()).contains(ChatwootError.SERVER_ERROR);
        assertThat(stopped.complete()).isFalse();

        chatwoot.faults().always(SeenRequest.matching("GET", "/conversations"), Fault.drop());
        assertThat(reader.run(sink).stoppedBy()).contains(ChatwootError.BROKEN);

        chatwoot.faults().clear();
        reader.run(sink);
        assertThat(offered).hasSize(2);
    }

    /** Each run is told to wait after some calls, and customers write to more conversations than it gets to meanwhile. */
    @Test
    void a_run_told_to_wait_is_gone_on_with_where_it_ended_however_much_is_written_meanwhile() {
        var written = new ArrayList<Long>();
        for (int i = 0; i < 60; i++) {
            written.add(customer(i).writes("oi").id());
        }
        later(Duration.ofMinutes(5));
        var reader = builder().reach(Duration.ofMinutes(15)).build();

        for (int run = 0; run < 12; run++) {
            var reads = new AtomicInteger();
            chatwoot.faults().clear();
            chatwoot.faults()
                    .next(1, request -> LISTING.test(request) && reads.incrementAndGet() > 10, Fault.rateLimited("1"));
            CatchUpReport report = reader.run(sink);
            if (!report.complete()) {
                assertThat(report.stoppedBy()).contains(ChatwootError.RATE_LIMITED);
                assertThat(report.pause()).contains(Duration.ofSeconds(1));
            }
            for (int i = 0; i < 12; i++) {
                customer(100 + run * 12 + i).writes("oi");
            }
            later(Duration.ofSeconds(90));
        }

        assertThat(known).containsAll(written);
    }

    @Test
    void a_conversation_that_moves_up_before_a_walk_gets_to_it_is_read_back_as_far_by_the_next_one() {
        long lost = customer(1).writes("perdido").id();
        later(Duration.ofHours(1));
        customer(2).writes("oi");
        later(Duration.ofMinutes(1));
        var reader = builder().build();
        chatwoot.faults().next(1, LISTING, Fault.rateLimited("1"));
        reader.run(sink);
        later(Duration.ofSeconds(5));
        customer(1).writes("alguém aí?");
        later(Duration.ofMinutes(1));

        assertThat(reader.run(sink).complete()).isTrue();
        reader.run(sink);

        assertThat(offered).contains(lost).hasSize(3);
    }

    @Test
    void what_was_within_reach_when_reading_began_is_read_however_long_it_takes() {
        var written = new ArrayList<Long>();
        for (int i = 0; i < 3; i++) {
            written.add(customer(i).writes("oi").id());
        }
        later(Duration.ofMinutes(5));
        var reader = builder().reach(Duration.ofMinutes(15)).build();
        chatwoot.faults().next(1, SeenRequest.matching("GET", "/conversations"), Fault.status(503));
        reader.run(sink);
        written.add(customer(3).writes("ainda").id());
        later(Duration.ofHours(2));

        reader.run(sink);
        reader.run(sink);

        assertThat(known).containsAll(written);
    }

    @Test
    void more_conversations_than_a_run_may_list_are_reached_by_the_next_ones() {
        for (int i = 0; i < 120; i++) {
            customer(i).writes("oi");
        }
        later(Duration.ofMinutes(5));
        var reader = builder().maxCalls(3).build();

        int runs = 0;
        while (!reader.run(sink).complete() && runs < 200) {
            runs++;
        }

        assertThat(offered).hasSize(120).doesNotHaveDuplicates();
    }

    @Test
    void conversations_that_cannot_be_taken_do_not_keep_the_next_run_from_the_others() {
        var poison = new HashSet<Long>();
        for (int i = 0; i < 40; i++) {
            long id = customer(i).writes("oi").id();
            if (i >= 20) {
                poison.add(id);
            }
        }
        later(Duration.ofMinutes(5));
        var reader = builder().build();
        CatchUpReader.Sink picky = (conversation, message) -> {
            if (poison.contains(message.path("id").asLong())) {
                throw new IllegalStateException("cannot be taken");
            }
            return sink.offer(conversation, message);
        };

        int runs = 0;
        while (!reader.run(picky).complete() && runs < 10) {
            runs++;
        }
        assertThat(offered).hasSize(20);

        poison.clear();
        reader.run(picky);
        assertThat(offered).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void an_interrupted_run_ends_with_its_interrupt() {
        customer(1).writes("oi");
        Thread.currentThread().interrupt();

        CatchUpReport report = builder().maxPerSecond(1).build().run(sink);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.complete()).isFalse();
    }

    @Test
    void without_a_user_token_nothing_can_be_caught_up() {
        var alone = ChatwootClient.builder(HTTP, chatwoot.baseUrl(), chatwoot.accountId(), chatwoot.botToken())
                .build();

        CatchUpReport report = CatchUpReader.builder(alone).build().run(sink);

        assertThat(report.stoppedBy()).contains(ChatwootError.NO_TOKEN);
    }

    /** Random life in an account, random losses, random outages: in the end every message was handed over. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void in_the_end_nothing_was_left_out(long seed) {
        var random = new Random(seed);
        var written = new ArrayList<Long>();
        var reader = builder().maxCalls(20).reach(Duration.ofDays(7)).build();
        for (int step = 0; step < 60; step++) {
            for (int i = random.nextInt(6); i > 0; i--) {
                written.add(customer(random.nextInt(20)).writes("m").id());
                later(Duration.ofSeconds(random.nextInt(20)));
            }
            if (random.nextInt(3) == 0) {
                var when = random.nextBoolean() ? LISTING : SeenRequest.matching("GET", "/conversations");
                chatwoot.faults()
                        .next(
                                1,
                                when,
                                List.of(Fault.status(500), Fault.drop(), Fault.garbage())
                                        .get(random.nextInt(3)));
            }
            if (random.nextInt(2) == 0) {
                reader.run(sink);
            }
            later(Duration.ofSeconds(random.nextInt(300)));
        }
        chatwoot.faults().clear();
        later(Duration.ofMinutes(1));
        CatchUpReport report;
        do {
            report = reader.run(sink);
        } while (!report.complete());

        assertThat(known).as("seed %d", seed).containsAll(written);
    }

    @Test
    void the_normalizer_understands_what_is_handed_over_with_the_keys_of_the_webhook() {
        ChatMessage written = customer(1).writes("quanto custa?");
        later(Duration.ofMinutes(5));
        var normalizer =
                Normalizer.builder().account(chatwoot.accountId()).clock(clock).build();
        var understood = new ArrayList<Normalized>();

        builder()
                .build()
                .run((conversation, message) ->
                        understood.add(normalizer.fromApi(new TenantId("pet-hotel"), conversation, message)));

        assertThat(understood).hasSize(1);
        assertThat(understood.get(0).message().map(InboundMessage::messageId)).contains(written.id());
        assertThat(understood.get(0).message().map(InboundMessage::text)).contains("quanto custa?");
        assertThat(understood.get(0).dedupeKeys()).isNotEmpty();
    }

    @Test
    void a_run_needs_at_least_two_calls() {
        assertThatThrownBy(() -> builder().maxCalls(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder().maxPerSecond(0)).isInstanceOf(IllegalArgumentException.class);
        builder().grace(Duration.ofSeconds(1)).reach(Duration.ofHours(1)).build();
    }
}
