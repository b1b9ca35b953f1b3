package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.Verification;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link EventLog} and its {@link EventArchive} do. A subclass gives an empty log for each test. */
public abstract class EventLogContract extends EventLogChainRules {

    @Test
    void an_event_is_read_as_it_was_written() {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("text", "Olá 🐶 'x' \\ \n مرحبا");
        payload.put("nested", Map.of("list", Arrays.asList("a", null, true)));
        payload.put("nothing", null);
        var event = new Event(
                "e1", TENANT, ONE, ANA, "turn.completed", 2, payload, Event.Source.BOT, 0.25, "cause", 3, NOW);

        log.append(List.of(event));

        assertThat(log.query(EventQuery.of(TENANT, 10)).events()).containsExactly(event);
    }

    @Test
    void everything_optional_may_be_missing() {
        var event = new Event("e1", TENANT, null, null, "x", 1, Map.of(), Event.Source.SYSTEM, null, null, 0, NOW);

        log.append(List.of(event));

        assertThat(log.query(EventQuery.of(TENANT, 10)).events()).containsExactly(event);
    }

    @Test
    void what_was_appended_last_comes_first() {
        log.append(List.of(event("b", "x", ONE, ANA, NOW), event("a", "x", ONE, ANA, NOW)));
        log.append(List.of(event("c", "x", ONE, ANA, NOW.minusSeconds(60))));

        assertThat(ids(EventQuery.of(TENANT, 10))).containsExactly("c", "a", "b");
    }

    @Test
    void appending_an_id_again_changes_nothing() {
        log.append(List.of(event("a", "first", ONE, ANA, NOW)));

        log.append(List.of(event("a", "second", TWO, BIA, NOW), event("b", "x", ONE, ANA, NOW)));
        log.append(List.of(event("c", "x", ONE, ANA, NOW), event("c", "y", ONE, ANA, NOW)));

        assertThat(log.query(EventQuery.of(TENANT, 10)).events())
                .extracting(Event::id, Event::type)
                .containsExactly(tuple("c", "x"), tuple("b", "x"), tuple("a", "first"));
        assertThat(archive.verify(TENANT)).isInstanceOf(Verification.Intact.class);
    }

    @Test
    void appending_nothing_is_allowed() {
        log.append(List.of());

        assertThat(log.query(EventQuery.of(TENANT, 10)).events()).isEmpty();
    }

    @Test
    void queries_restrict_by_conversation_person_type_and_time() {
        log.append(List.of(
                event("1", "turn.completed", ONE, ANA, NOW),
                event("2", "turn.silenced", ONE, ANA, NOW.plusSeconds(1)),
                event("3", "turn.completed", TWO, BIA, NOW.plusSeconds(2)),
                event("4", "turnover", null, ANA, NOW.plusSeconds(3)),
                event("5", "turn", null, null, NOW.plusSeconds(4))));

        assertThat(ids(EventQuery.of(ONE, 10))).containsExactly("2", "1");
        assertThat(ids(query(null, ANA, null, null, null))).containsExactly("4", "2", "1");
        assertThat(ids(query(null, null, "turn.completed", null, null))).containsExactly("3", "1");
        assertThat(ids(query(null, null, "turn.*", null, null))).containsExactly("3", "2", "1");
        assertThat(ids(query(null, null, null, NOW.plusSeconds(1), NOW.plusSeconds(3))))
                .as("from is included, to is not")
                .containsExactly("3", "2");
        assertThat(ids(query(ONE, ANA, "turn.*", NOW.plusSeconds(1), null))).containsExactly("2");
        assertThat(ids(query(TWO, ANA, null, null, null))).isEmpty();
    }

    @Test
    void a_person_with_several_keys_has_one_history_in_pages() {
        for (int i = 0; i < 9; i++) {
            String person = List.of(ANA, BIA, "somebody else").get(i % 3);
            log.append(List.of(event("e" + i, "x", i % 2 == 0 ? ONE : TWO, person, NOW.plusSeconds(i))));
        }
        var both = new EventQuery(TENANT, null, ANA, Set.of(BIA), null, null, null, 2, null);

        assertThat(allPages(both)).extracting(Event::id).containsExactly("e7", "e6", "e4", "e3", "e1", "e0");
        assertThat(ids(new EventQuery(TENANT, ONE, BIA, Set.of(ANA), "x", NOW.plusSeconds(1), null, 10, null)))
                .containsExactly("e6", "e4");
    }

    @Test
    void a_wildcard_of_the_database_means_itself() {
        log.append(List.of(
                event("1", "a_b.x", ONE, ANA, NOW),
                event("2", "acb.x", ONE, ANA, NOW),
                event("3", "%.x", ONE, ANA, NOW)));

        assertThat(ids(query(null, null, "a_b.*", null, null))).containsExactly("1");
        assertThat(ids(query(null, null, "%.*", null, null))).containsExactly("3");
    }

    @Test
    void pages_follow_each_other_without_gap_or_repetition_while_events_arrive() {
        for (int i = 0; i < 25; i++) {
            log.append(List.of(event("e" + i, i % 2 == 0 ? "even.x" : "odd.x", ONE, ANA, NOW.plusMillis(i % 3))));
        }
        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            EventPage page = log.query(new EventQuery(TENANT, ONE, null, "even.*", null, null, 4, cursor));
            page.events().forEach(event -> seen.add(event.id()));
            cursor = page.nextCursor();
            log.append(List.of(event("late" + seen.size(), "even.x", ONE, ANA, NOW)));
        } while (cursor != null);

        assertThat(seen)
                .containsExactly("e24", "e22", "e20", "e18", "e16", "e14", "e12", "e10", "e8", "e6", "e4", "e2", "e0");
    }

    @Test
    void a_page_that_holds_the_rest_has_no_cursor() {
        log.append(List.of(event("1", "x", ONE, ANA, NOW), event("2", "x", ONE, ANA, NOW)));

        assertThat(log.query(EventQuery.of(TENANT, 2)).nextCursor()).isNull();
        assertThat(log.query(EventQuery.of(TENANT, 1)).nextCursor()).isNotNull();
    }

    @Test
    void a_cursor_of_somebody_else_is_refused() {
        var query = new EventQuery(TENANT, null, null, null, null, null, 10, "' OR 1=1");

        assertThatThrownBy(() -> log.query(query)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tenants_do_not_see_each_other_even_with_equal_ids() {
        log.append(List.of(event("same", "ours", ONE, ANA, NOW)));
        var theirs = new Event("same", OTHER, null, ANA, "theirs", 1, Map.of(), Event.Source.BOT, null, null, 0, NOW);
        log.append(List.of(theirs));

        assertThat(log.query(EventQuery.of(OTHER, 10)).events()).containsExactly(theirs);
        assertThat(ids(EventQuery.of(TENANT, 10))).containsExactly("same");
        assertThat(archive.read(OTHER, 0, 10))
                .extracting(ChainedEvent::position)
                .containsExactly(1L);
        assertThat(archive.erase(OTHER, ANA)).isEqualTo(1);
        assertThat(ids(EventQuery.of(ONE, 10))).as("ours is untouched").containsExactly("same");
    }

    @Test
    void a_message_is_found_by_its_number_and_so_is_what_came_after_it() {
        log.append(List.of(caused("e1", "message.received", ONE, "7"), caused("e2", "turn.silenced", ONE, "7")));
        log.append(List.of(caused("e3", "message.received", TWO, "8"), caused("e4", "message.observed", ONE, "9")));
        log.append(List.of(caused("e5", "message.received", ONE, "7"), caused("e6", "messages.x", ONE, "10")));

        Event arrival = log.arrivalOf(TENANT, 7).orElseThrow();

        assertThat(arrival.id()).isEqualTo("e1");
        assertThat(log.arrivalOf(TENANT, 9).orElseThrow().id()).isEqualTo("e4");
        assertThat(log.arrivalOf(TENANT, 10)).isEmpty();
        assertThat(log.arrivalOf(OTHER, 7)).isEmpty();
        assertThat(log.following(arrival, 10)).extracting(Event::id).containsExactly("e1", "e2", "e4", "e5", "e6");
        assertThat(log.following(arrival, 2)).extracting(Event::id).containsExactly("e1", "e2");
        assertThat(log.following(caused("e9", "x", ONE, "1"), 10)).isEmpty();
        assertThat(log.following(caused("e1", "x", null, "1"), 10)).isEmpty();
    }

    @Test
    void an_emptied_arrival_is_not_found() {
        log.append(List.of(caused("e1", "message.received", ONE, "7")));

        archive.expire(TENANT, null, NOW.plusSeconds(1));

        assertThat(log.arrivalOf(TENANT, 7)).isEmpty();
    }

    private static Event caused(String id, String type, @Nullable ConversationId conversation, String cause) {
        return new Event(id, TENANT, conversation, null, type, 1, Map.of(), Event.Source.CUSTOMER, null, cause, 0, NOW);
    }

    @Test
    void queries_agree_with_a_simple_model() {
        long seed = 20260303L;
        var random = new Random(seed);
        var model = new ArrayList<Event>();
        String[] types = {"a.x", "a.y", "b.x", "a"};
        for (int i = 0; i < 300; i++) {
            Event event = event(
                    "e" + i,
                    types[random.nextInt(types.length)],
                    random.nextInt(4) == 0 ? null : new ConversationId(TENANT, 1, random.nextInt(4) + 1),
                    random.nextInt(4) == 0 ? null : "p" + random.nextInt(4),
                    NOW.plusSeconds(random.nextInt(100)));
            log.append(List.of(event));
            model.add(0, event);
        }
        String[] wanted = {"a.*", "b.*", "a.x", "a", null};
        for (int i = 0; i < 100; i++) {
            var query = new EventQuery(
                    TENANT,
                    random.nextBoolean() ? null : new ConversationId(TENANT, 1, random.nextInt(4) + 1),
                    random.nextBoolean() ? null : "p" + random.nextInt(4),
                    wanted[random.nextInt(wanted.length)],
                    random.nextBoolean() ? null : NOW.plusSeconds(random.nextInt(100)),
                    random.nextBoolean() ? null : NOW.plusSeconds(random.nextInt(100)),
                    1 + random.nextInt(30),
                    null);

            List<Event> expected = model.stream().filter(query::matches).toList();

            assertThat(allPages(query)).as("seed %s, query %s", seed, i).isEqualTo(expected);
        }
    }

    private List<Event> allPages(EventQuery query) {
        var events = new ArrayList<Event>();
        String cursor = null;
        do {
            EventPage page = log.query(new EventQuery(
                    query.tenant(),
                    query.conversation(),
                    query.personKey(),
                    query.otherKeys(),
                    query.type(),
                    query.from(),
                    query.to(),
                    query.limit(),
                    cursor));
            events.addAll(page.events());
            cursor = page.nextCursor();
        } while (cursor != null);
        return events;
    }
}
