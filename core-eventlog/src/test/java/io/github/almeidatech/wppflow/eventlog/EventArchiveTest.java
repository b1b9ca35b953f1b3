package io.github.almeidatech.wppflow.eventlog;

import static io.github.almeidatech.wppflow.eventlog.Events.ANA;
import static io.github.almeidatech.wppflow.eventlog.Events.CONVERSATION;
import static io.github.almeidatech.wppflow.eventlog.Events.NOW;
import static io.github.almeidatech.wppflow.eventlog.Events.TENANT;
import static io.github.almeidatech.wppflow.eventlog.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.eventlog.Verification.Broken;
import io.github.almeidatech.wppflow.eventlog.Verification.Intact;
import io.github.almeidatech.wppflow.eventlog.Verification.Reason;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventArchiveTest {

    private final InMemoryEventLog log = new InMemoryEventLog();

    @Test
    void a_long_chain_is_read_page_by_page_and_verified() {
        append(2500);

        assertThat(log.stream(TENANT).map(each -> each.event().id()).toList())
                .containsExactlyElementsOf(
                        IntStream.range(0, 2500).mapToObj(i -> "e" + i).toList());
        assertThat(log.verify(TENANT).match(Intact::events, broken -> -1L)).isEqualTo(2500);
    }

    static Stream<UnaryOperator<Event>> whatMustNotChange() {
        return Stream.of(
                e -> copy(e, e.id() + "x", e.type(), e.payload(), e.personKey(), e.source(), e.depth(), e.at()),
                e -> copy(e, e.id(), "other", e.payload(), e.personKey(), e.source(), e.depth(), e.at()),
                e -> copy(e, e.id(), e.type(), Map.of("n", 0), e.personKey(), e.source(), e.depth(), e.at()),
                e -> copy(e, e.id(), e.type(), e.payload(), "somebody else", e.source(), e.depth(), e.at()),
                e -> copy(e, e.id(), e.type(), e.payload(), null, e.source(), e.depth(), e.at()),
                e -> copy(e, e.id(), e.type(), e.payload(), e.personKey(), Event.Source.SYSTEM, e.depth(), e.at()),
                e -> copy(e, e.id(), e.type(), e.payload(), e.personKey(), e.source(), 3, e.at()),
                e -> copy(e, e.id(), e.type(), e.payload(), e.personKey(), e.source(), e.depth(), NOW.plusMillis(1)));
    }

    @ParameterizedTest
    @MethodSource("whatMustNotChange")
    void every_change_of_an_event_shows_where_it_was_made(UnaryOperator<Event> change) {
        append(10);
        List<ChainedEvent> chain = new ArrayList<>(log.read(TENANT, 0, 100));
        ChainedEvent victim = chain.get(4);
        chain.set(4, new ChainedEvent(5, change.apply(victim.event()), victim.salt(), victim.digest(), victim.hash()));

        assertThat(over(chain).verify(TENANT))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.position()).isEqualTo(5));
    }

    @Test
    void an_emptied_event_cannot_be_changed_either() {
        append(10);
        log.erase(TENANT, ANA);
        List<ChainedEvent> chain = new ArrayList<>(log.read(TENANT, 0, 100));
        assertThat(over(chain).verify(TENANT)).isInstanceOf(Intact.class);
        ChainedEvent victim = chain.get(4);
        Event later = copy(
                victim.event(), "e4", "message.received", Map.of(), null, Event.Source.CUSTOMER, 0, NOW.plusSeconds(1));
        chain.set(4, new ChainedEvent(5, later, null, victim.digest(), victim.hash()));

        assertThat(over(chain).verify(TENANT)).isEqualTo(new Broken(5, Reason.LINK));
    }

    @Test
    void a_removed_a_doubled_and_an_exchanged_event_show() {
        append(10);
        List<ChainedEvent> removed = new ArrayList<>(log.read(TENANT, 0, 100));
        removed.remove(4);
        assertThat(over(removed).verify(TENANT)).isEqualTo(new Broken(5, Reason.POSITION));

        List<ChainedEvent> renumbered = new ArrayList<>(log.read(TENANT, 0, 4));
        for (ChainedEvent each : log.read(TENANT, 5, 100)) {
            renumbered.add(
                    new ChainedEvent(each.position() - 1, each.event(), each.salt(), each.digest(), each.hash()));
        }
        assertThat(over(renumbered).verify(TENANT)).isEqualTo(new Broken(5, Reason.LINK));

        List<ChainedEvent> forged = new ArrayList<>(log.read(TENANT, 0, 100));
        forged.set(4, ChainedEvent.link(5, forged.get(3).hash(), SealedEvent.of(event("forged", Map.of()))));
        assertThat(over(forged).verify(TENANT)).as("its successor knows").isEqualTo(new Broken(6, Reason.LINK));
    }

    @Test
    void a_chain_rewritten_to_its_end_shows_only_against_a_note() {
        append(10);
        var noted = (Intact) log.verify(TENANT);
        var rewritten = new InMemoryEventLog();
        for (int i = 0; i < 10; i++) {
            rewritten.append(List.of(event("e" + i, "rewritten", Map.of(), Event.Source.BOT, null, 0)));
        }

        assertThat(rewritten.verify(TENANT)).isInstanceOf(Intact.class);
        assertThat(rewritten.verify(TENANT, noted)).isEqualTo(new Broken(10, Reason.NOT_AS_NOTED));
        assertThat(log.verify(TENANT, noted)).isEqualTo(noted);
    }

    @Test
    void a_note_of_an_empty_chain_holds_for_every_chain() {
        append(3);

        assertThat(log.verify(TENANT, new Intact(0, ChainedEvent.GENESIS))).isInstanceOf(Intact.class);
    }

    @Test
    void equal_contents_have_different_digests_so_that_erased_ones_cannot_be_guessed() {
        append(2);
        List<ChainedEvent> chain = log.read(TENANT, 0, 2);

        assertThat(chain.get(0).digest()).isNotEqualTo(chain.get(1).digest());
        assertThat(chain.get(0).salt()).hasSize(32).isNotEqualTo(chain.get(1).salt());
    }

    @Test
    void a_line_of_an_export_can_be_verified_by_others() {
        append(1);
        Map<String, Object> line = log.read(TENANT, 0, 1).get(0).toPlainData();

        assertThat(line)
                .containsEntry("position", 1L)
                .containsEntry("id", "e0")
                .containsEntry("tenant_id", "hotel")
                .containsEntry("conversation_id", "1/42")
                .containsEntry("person_key", ANA)
                .containsEntry("event_type", "message.received")
                .containsEntry("payload", Map.of("n", 1))
                .containsEntry("source", "customer")
                .containsEntry("cause_id", "cause")
                .containsEntry("timestamp", "2026-03-02T12:00:00Z")
                .containsEntry("emptied", false)
                .containsKeys("salt", "digest", "hash", "version", "depth", "confidence");
        assertThat(log.erase(TENANT, ANA)).isEqualTo(1);
        assertThat(log.erase(TENANT, ANA)).isZero();
        assertThat(log.expire(TENANT, null, NOW.plusSeconds(1))).isZero();
        assertThat(log.read(TENANT, 0, 1).get(0).toPlainData())
                .containsEntry("emptied", true)
                .containsEntry("salt", null)
                .containsEntry("conversation_id", null);
    }

    @Test
    void what_cannot_be_asked_is_refused() {
        assertThatThrownBy(() -> log.read(TENANT, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.read(TENANT, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EventQuery.of(TENANT, 1001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EventQuery(new TenantId("clinic"), CONVERSATION, null, null, null, null, 1, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.query(new EventQuery(TENANT, null, null, null, null, null, 1, "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothing_personal_is_in_a_log_line() {
        append(1);
        var query = new EventQuery(TENANT, CONVERSATION, ANA, null, null, null, 1, null);
        var context = new PolicyContext(Map.of("contact", Map.of("phone", ANA)), 7L, false, NOW);

        String logged = List.of(log.read(TENANT, 0, 1), log.query(query), query, context)
                .toString();

        assertThat(logged).doesNotContain(ANA);
    }

    @Test
    void pages_join_to_what_was_appended() {
        append(10);
        var ids = new ArrayList<String>();
        String cursor = null;
        do {
            EventPage page = log.query(new EventQuery(TENANT, CONVERSATION, ANA, "message.*", NOW, null, 3, cursor));
            page.events().forEach(each -> ids.add(each.id()));
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(ids).containsExactly("e9", "e8", "e7", "e6", "e5", "e4", "e3", "e2", "e1", "e0");
        assertThat(log.query(EventQuery.of(CONVERSATION, 100)).events()).hasSize(10);
        assertThat(log.expire(TENANT, "message.*", NOW.plusMillis(1))).isEqualTo(10);
    }

    @Test
    void the_canonical_form_tells_different_data_apart_and_equal_data_not() {
        long seed = 20260302L;
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            Object data = PlainDataSamples.random(random, 3);
            Object equal = PlainDataSamples.throughJson(data);
            Object other = PlainDataSamples.random(random, 3);

            assertThat(canonical(equal)).as("seed %s, step %s", seed, i).isEqualTo(canonical(data));
            assertThat(canonical(other).equals(canonical(data)))
                    .as("seed %s, step %s", seed, i)
                    .isEqualTo(Objects.equals(PlainDataSamples.throughJson(other), equal));
        }
    }

    @Test
    void texts_cannot_imitate_the_canonical_form() {
        assertThat(canonical(List.of("a", "b"))).isNotEqualTo(canonical(List.of("as1:b")));
        assertThat(canonical(List.of("as:b", "c"))).isNotEqualTo(canonical(List.of("a", "bs:c")));
        assertThat(canonical("1")).isNotEqualTo(canonical(1));
        assertThat(canonical(List.of())).isNotEqualTo(canonical(Map.of()));
        assertThat(canonical(Double.NaN)).isEqualTo(canonical("NaN"));
        assertThat(canonical(true)).isNotEqualTo(canonical(false));
        assertThat(canonical(Float.NEGATIVE_INFINITY)).isEqualTo(canonical("-Infinity"));
    }

    private static String canonical(@Nullable Object data) {
        return new CanonicalForm().add(data).toString();
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            log.append(List.of(event("e" + i, "message.received", Map.of("n", 1), Event.Source.CUSTOMER, 0.5, 0)));
        }
    }

    private static EventArchive over(List<ChainedEvent> chain) {
        return new EventArchive() {
            @Override
            public List<ChainedEvent> read(TenantId tenant, long after, int limit) {
                return after == 0 ? chain : List.of();
            }

            @Override
            public long erase(TenantId tenant, String personKey) {
                return 0;
            }

            @Override
            public long expire(TenantId tenant, @Nullable String type, Instant before) {
                return 0;
            }
        };
    }

    private static Event copy(
            Event e,
            String id,
            String type,
            Map<String, Object> payload,
            @Nullable String person,
            Event.Source source,
            int depth,
            Instant at) {
        return new Event(
                id,
                e.tenant(),
                e.conversation(),
                person,
                type,
                e.version(),
                payload,
                source,
                e.confidence(),
                e.causeId(),
                depth,
                at);
    }
}
