package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Events that last as long as the process. Thread-safe. */
public final class InMemoryEventLog implements EventLog, EventArchive {

    /** One tenant's events, and where in the list those of each conversation are. */
    private static final class Chain {
        private final List<ChainedEvent> events = new ArrayList<>();
        private final Map<String, Integer> ids = new HashMap<>();
        private final Map<ConversationId, List<Integer>> places = new HashMap<>();

        void add(Event event) {
            int last = events.size();
            if (ids.putIfAbsent(event.id(), last) != null) {
                return;
            }
            String head =
                    last == 0 ? ChainedEvent.GENESIS : events.get(last - 1).hash();
            if (event.conversation() != null) {
                places.computeIfAbsent(event.conversation(), key -> new ArrayList<>())
                        .add(last);
            }
            events.add(ChainedEvent.link(last + 1, head, SealedEvent.of(event)));
        }

        /** All places, without making a list of them. */
        private List<Integer> everywhere() {
            return new AbstractList<>() {
                @Override
                public Integer get(int index) {
                    return index;
                }

                @Override
                public int size() {
                    return events.size();
                }
            };
        }

        /** The places to look at, oldest first. */
        List<Integer> candidates(EventQuery query) {
            return query.conversation() == null ? everywhere() : places.getOrDefault(query.conversation(), List.of());
        }
    }

    private final Map<TenantId, Chain> chains = new HashMap<>();

    @Override
    public synchronized void append(List<Event> events) {
        for (Event event : events) {
            chains.computeIfAbsent(event.tenant(), key -> new Chain()).add(event);
        }
    }

    @Override
    public synchronized EventPage query(EventQuery query) {
        int before = query.cursor() == null ? Integer.MAX_VALUE : placeOf(query.cursor());
        Chain chain = chains.getOrDefault(query.tenant(), new Chain());
        List<Integer> candidates = chain.candidates(query);
        var page = new ArrayList<Event>();
        for (int i = candidates.size() - 1; i >= 0; i--) {
            int place = candidates.get(i);
            if (place < before && query.matches(chain.events.get(place).event())) {
                if (page.size() == query.limit()) {
                    return new EventPage(page, String.valueOf(place + 1));
                }
                page.add(chain.events.get(place).event());
            }
        }
        return new EventPage(page, null);
    }

    @Override
    public synchronized Optional<Event> find(TenantId tenant, String id) {
        Chain chain = chains.getOrDefault(tenant, new Chain());
        Integer place = chain.ids.get(id);
        return place == null
                ? Optional.empty()
                : Optional.of(chain.events.get(place))
                        .filter(each -> !each.isEmptied())
                        .map(ChainedEvent::event);
    }

    @Override
    public synchronized Optional<Event> arrivalOf(TenantId tenant, long messageId) {
        String cause = String.valueOf(messageId);
        return chain(tenant).stream()
                .map(ChainedEvent::event)
                .filter(event -> event.type().startsWith("message.") && cause.equals(event.causeId()))
                .findFirst();
    }

    @Override
    public synchronized List<Event> following(Event event, int limit) {
        Chain chain = chains.getOrDefault(event.tenant(), new Chain());
        Integer from = chain.ids.get(event.id());
        if (from == null || event.conversation() == null) {
            return List.of();
        }
        return chain.places.getOrDefault(event.conversation(), List.of()).stream()
                .filter(place -> place >= from)
                .map(place -> chain.events.get(place).event())
                .filter(each -> event.conversation().equals(each.conversation()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<ChainedEvent> read(TenantId tenant, long after, int limit) {
        if (limit < 1 || limit > 10_000 || after < 0) {
            throw new IllegalArgumentException("after >= 0 and limit 1 to 10000 wanted");
        }
        List<ChainedEvent> events = chain(tenant);
        int from = (int) Math.min(after, events.size());
        return List.copyOf(events.subList(from, Math.min(events.size(), from + limit)));
    }

    @Override
    public synchronized long erase(TenantId tenant, String personKey) {
        var conversations = new HashSet<ConversationId>();
        for (ChainedEvent each : chain(tenant)) {
            if (personKey.equals(each.event().personKey()) && each.event().conversation() != null) {
                conversations.add(each.event().conversation());
            }
        }
        return empty(tenant, event -> {
            ConversationId conversation = event.conversation();
            return event.personKey() == null
                    ? conversation != null && conversations.contains(conversation)
                    : personKey.equals(event.personKey());
        });
    }

    @Override
    public synchronized long expire(TenantId tenant, @Nullable String type, Instant before) {
        var query = new EventQuery(tenant, null, null, type, null, before, 1, null);
        return empty(tenant, query::matches);
    }

    private long empty(TenantId tenant, Predicate<Event> which) {
        List<ChainedEvent> events = chain(tenant);
        long emptied = 0;
        for (int i = 0; i < events.size(); i++) {
            ChainedEvent each = events.get(i);
            if (!each.isEmptied() && which.test(each.event())) {
                events.set(i, each.emptied());
                emptied++;
            }
        }
        return emptied;
    }

    private List<ChainedEvent> chain(TenantId tenant) {
        Chain chain = chains.get(tenant);
        return chain == null ? List.of() : chain.events;
    }

    private static int placeOf(String cursor) {
        try {
            return Integer.parseInt(cursor);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a cursor of ours", e);
        }
    }
}
