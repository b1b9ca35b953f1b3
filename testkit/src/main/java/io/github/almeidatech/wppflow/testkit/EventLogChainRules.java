package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.Verification;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chain of events: what it holds, that it verifies, and how events are emptied in it. */
abstract class EventLogChainRules {

    protected static final TenantId TENANT = new TenantId("hotel");
    protected static final TenantId OTHER = new TenantId("clinic");
    protected static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    static final ConversationId ONE = new ConversationId(TENANT, 1, 1);
    static final ConversationId TWO = new ConversationId(TENANT, 1, 2);
    static final String ANA = "55 61 9 0001";
    static final String BIA = "55 61 9 0002";

    EventLog log;
    EventArchive archive;

    /** A new log without any event. */
    protected abstract EventLog emptyLog();

    /** The archive over the same events. */
    protected abstract EventArchive archiveOf(EventLog log);

    @BeforeEach
    void open() {
        log = emptyLog();
        archive = archiveOf(log);
    }

    @Test
    void the_chain_holds_every_event_in_the_order_of_appending() {
        log.append(List.of(event("1", "x", ONE, ANA, NOW), event("2", "x", null, null, NOW)));
        log.append(List.of(event("3", "x", TWO, BIA, NOW)));

        List<ChainedEvent> chain = archive.read(TENANT, 0, 10);

        assertThat(chain).extracting(each -> each.event().id()).containsExactly("1", "2", "3");
        assertThat(chain).extracting(ChainedEvent::position).containsExactly(1L, 2L, 3L);
        assertThat(archive.read(TENANT, 1, 1)).containsExactly(chain.get(1));
        assertThat(archive.read(TENANT, 3, 10)).isEmpty();
        assertThat(archive.stream(TENANT)).containsExactlyElementsOf(chain);
        assertThat(archive.verify(TENANT))
                .isEqualTo(new Verification.Intact(3, chain.get(2).hash()));
    }

    @Test
    void an_empty_chain_is_intact() {
        assertThat(archive.verify(TENANT)).isEqualTo(new Verification.Intact(0, ChainedEvent.GENESIS));
    }

    @Test
    void a_chain_continues_what_was_noted_before_and_no_other() {
        log.append(List.of(event("1", "x", ONE, ANA, NOW)));
        var noted = (Verification.Intact) archive.verify(TENANT);
        log.append(List.of(event("2", "x", ONE, ANA, NOW)));

        assertThat(archive.verify(TENANT, noted)).isInstanceOf(Verification.Intact.class);
        assertThat(archive.verify(TENANT, new Verification.Intact(1, "f".repeat(64))))
                .isEqualTo(new Verification.Broken(1, Verification.Reason.NOT_AS_NOTED));
        assertThat(archive.verify(TENANT, new Verification.Intact(5, noted.head())))
                .as("cut short")
                .isEqualTo(new Verification.Broken(3, Verification.Reason.NOT_AS_NOTED));
    }

    @Test
    void numbers_survive_storage_so_that_the_chain_verifies() {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("int", 1);
        payload.put("long", Long.MAX_VALUE);
        payload.put("hundred", 100.0);
        payload.put("tenth", 0.1);
        payload.put("float", 0.1f);
        payload.put("small", -1.5e-12);
        payload.put("large", 1.0E22);
        payload.put("decimal", new BigDecimal("12.3400"));
        payload.put("big", new BigInteger("123456789012345678901234567890"));
        payload.put("zero", -0.0);
        var event = new Event(
                "n", TENANT, ONE, ANA, "x", 1, payload, Event.Source.BOT, 1.0 / 3, null, 0, NOW.plusNanos(1_234_567));

        log.append(List.of(event));

        assertThat(archive.verify(TENANT)).isInstanceOf(Verification.Intact.class);
        assertThat(log.query(EventQuery.of(TENANT, 1)).events().get(0).at())
                .as("to the millisecond")
                .isEqualTo(NOW.plusMillis(1));
    }

    @Test
    void erasing_a_person_empties_their_events_and_the_chain_still_verifies() {
        log.append(List.of(
                event("1", "message.received", ONE, ANA, NOW),
                event("2", "command.done", ONE, null, NOW),
                event("3", "message.received", TWO, BIA, NOW),
                event("4", "command.done", TWO, null, NOW),
                event("5", "message.received", ONE, BIA, NOW),
                event("6", "config.changed", null, null, NOW)));
        Verification before = archive.verify(TENANT);

        assertThat(archive.erase(TENANT, ANA)).isEqualTo(2);

        assertThat(archive.read(TENANT, 0, 10))
                .filteredOn(ChainedEvent::isEmptied)
                .extracting(ChainedEvent::position)
                .containsExactly(1L, 2L);
        Event empty = archive.read(TENANT, 0, 1).get(0).event();
        assertThat(empty.payload()).isEmpty();
        assertThat(empty.personKey()).isNull();
        assertThat(empty.conversation()).isNull();
        assertThat(empty.causeId()).isNull();
        assertThat(empty.confidence()).isNull();
        assertThat(empty.type()).isEqualTo("message.received");
        assertThat(archive.read(TENANT, 0, 1).get(0).salt()).isNull();
        assertThat(ids(query(null, ANA, null, null, null))).isEmpty();
        assertThat(ids(EventQuery.of(ONE, 10))).containsExactly("5");
        assertThat(ids(EventQuery.of(TENANT, 10))).hasSize(6);
        assertThat(archive.verify(TENANT)).isEqualTo(before);
        assertThat(archive.erase(TENANT, ANA)).as("a second time").isZero();
    }

    @Test
    void the_chain_goes_on_after_an_erasure() {
        log.append(List.of(event("1", "x", ONE, ANA, NOW), event("2", "x", ONE, ANA, NOW)));
        archive.erase(TENANT, ANA);

        log.append(List.of(event("1", "again", ONE, ANA, NOW), event("3", "x", ONE, ANA, NOW)));

        assertThat(archive.verify(TENANT))
                .isInstanceOfSatisfying(
                        Verification.Intact.class,
                        intact -> assertThat(intact.events())
                                .as("an emptied event is still the one with its id")
                                .isEqualTo(3));
    }

    @Test
    void old_events_can_be_emptied_by_type() {
        log.append(List.of(
                event("1", "message.received", ONE, ANA, NOW),
                event("2", "audit.login", null, null, NOW),
                event("3", "message.received", ONE, ANA, NOW.plusSeconds(10))));

        assertThat(archive.expire(TENANT, "message.*", NOW.plusSeconds(10))).isEqualTo(1);
        assertThat(archive.expire(TENANT, "message.*", NOW.plusSeconds(10))).isZero();
        assertThat(archive.expire(OTHER, null, NOW.plusSeconds(99))).isZero();

        assertThat(archive.read(TENANT, 0, 10))
                .extracting(ChainedEvent::isEmptied)
                .containsExactly(true, false, false);
        assertThat(archive.expire(TENANT, null, NOW.plusSeconds(99))).isEqualTo(2);
        assertThat(archive.verify(TENANT)).isInstanceOf(Verification.Intact.class);
    }

    @Test
    void appends_at_the_same_time_end_in_one_chain() throws Exception {
        int workers = 8;
        var pool = Executors.newFixedThreadPool(workers);
        try {
            List<Callable<Boolean>> calls = IntStream.range(0, 60)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        log.append(List.of(
                                event("a" + i % 50, "x", ONE, ANA, NOW), event("b" + i % 50, "x", ONE, ANA, NOW)));
                        return true;
                    })
                    .toList();
            for (Future<Boolean> each : pool.invokeAll(calls)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(archive.stream(TENANT).map(ChainedEvent::position).toList())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(archive.verify(TENANT)).isInstanceOf(Verification.Intact.class);
    }

    List<String> ids(EventQuery query) {
        return log.query(query).events().stream().map(Event::id).toList();
    }

    static EventQuery query(
            @Nullable ConversationId conversation,
            @Nullable String person,
            @Nullable String type,
            @Nullable Instant from,
            @Nullable Instant to) {
        return new EventQuery(TENANT, conversation, person, type, from, to, 100, null);
    }

    static Event event(
            String id, String type, @Nullable ConversationId conversation, @Nullable String person, Instant at) {
        return new Event(
                id,
                TENANT,
                conversation,
                person,
                type,
                1,
                Map.of("text", "something about somebody"),
                Event.Source.CUSTOMER,
                0.5,
                "cause",
                0,
                at);
    }
}
