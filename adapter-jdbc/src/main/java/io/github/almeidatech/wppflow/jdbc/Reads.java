package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What some work is going to look at and change: read and locked for all works of a transaction together, in one order, so
 * that two processes do not wait for each other.
 *
 * @param conversations that it may change
 * @param lines of whose waiting commands it looks at
 * @param keys that may be known
 * @param events that it may append, unless they are there
 * @param locks numbers of other things that it may change
 * @param people whose contacts it looks for
 */
record Reads(
        List<ConversationId> conversations,
        Set<Line> lines,
        List<SeenKey> keys,
        List<NewEvent> events,
        List<Long> locks,
        List<PersonRef> people) {

    static final Reads NONE = new Reads(List.of(), Set.of(), List.of(), List.of(), List.of(), List.of());

    /** An identity inside its tenant, as it is stored. */
    record PersonRef(TenantId tenant, String kind, String value) {

        static PersonRef of(TenantId tenant, Identity identity) {
            return new PersonRef(tenant, identity.kind().word(), Session.storable(identity.value()));
        }

        @Override
        public String toString() {
            return "PersonRef[" + tenant + ", " + kind + "]";
        }
    }

    static Reads of(ConversationId conversation) {
        return NONE.and(List.of(conversation));
    }

    static Reads of(List<Event> events) {
        return NONE.andEvents(events);
    }

    /** Locks things by what names them; the same names lock each other out, others hardly ever. */
    static Reads locking(TenantId tenant, List<?> names) {
        LongStream numbers = names.stream().mapToLong(name -> number(tenant.value() + '\n' + name));
        return new Reads(
                List.of(), Set.of(), List.of(), List.of(), numbers.boxed().toList(), List.of());
    }

    /** Spread over all numbers (FNV-1a). */
    private static long number(String name) {
        return name.chars().asLongStream().reduce(0xcbf29ce484222325L, (hash, next) -> (hash ^ next) * 0x100000001b3L);
    }

    Reads and(List<ConversationId> wanted) {
        return new Reads(wanted, lines, keys, events, locks, people);
    }

    Reads withCommands(Line... wanted) {
        return new Reads(conversations, Set.of(wanted), keys, events, locks, people);
    }

    Reads with(List<SeenKey> wanted) {
        return new Reads(conversations, lines, wanted, events, locks, people);
    }

    Reads andEvents(List<Event> wanted) {
        return new Reads(
                conversations, lines, keys, wanted.stream().map(NewEvent::of).toList(), locks, people);
    }

    Reads andPeople(TenantId tenant, Collection<Identity> wanted) {
        var refs = wanted.stream().map(each -> PersonRef.of(tenant, each)).toList();
        return new Reads(conversations, lines, keys, events, locks, refs);
    }
}
