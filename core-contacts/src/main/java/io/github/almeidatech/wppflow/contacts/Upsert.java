package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an upsert comes to, for a store to write down in the transaction in which it has read. A pure function: the same
 * contacts and the same update lead to the same result (but for new ids).
 *
 * @param contact to be stored under its id, with all its identities
 * @param merges the contacts it has absorbed, which are to be removed, in this order; mostly none
 */
public record Upsert(Contact contact, List<ContactMerge> merges) {

    public Upsert {
        merges = List.copyOf(merges);
    }

    /**
     * Decides.
     *
     * @param found all contacts that have one of the update's identities, each once, in any order
     */
    public static Upsert of(TenantId tenant, Collection<Contact> found, ContactUpdate update, Instant now) {
        List<Contact> oldestFirst = found.stream()
                .sorted(Comparator.comparing(Contact::createdAt).thenComparing(Contact::id))
                .toList();
        if (oldestFirst.isEmpty()) {
            return new Upsert(updated(Uuid7.at(now), tenant, null, update, now), List.of());
        }
        Contact survivor = oldestFirst.get(0);
        var merges = new ArrayList<ContactMerge>();
        for (Contact other : oldestFirst.subList(1, oldestFirst.size())) {
            var merge = new ContactMerge(Uuid7.at(now), survivor, other, ContactMerge.SHARED_IDENTITY, now);
            merges.add(merge);
            survivor = merge.merged();
        }
        return new Upsert(updated(survivor.id(), tenant, survivor, update, now), merges);
    }

    private static Contact updated(
            String id, TenantId tenant, @Nullable Contact before, ContactUpdate update, Instant now) {
        var identities = new LinkedHashSet<Identity>(before == null ? List.of() : before.identities());
        identities.addAll(update.identities());
        var fields = new LinkedHashMap<String, String>(before == null ? Map.of() : before.customFields());
        fields.putAll(update.customFields());
        return new Contact(
                id,
                tenant,
                or(update.phone(), before == null ? null : before.phone()),
                or(update.name(), before == null ? null : before.name()),
                or(update.email(), before == null ? null : before.email()),
                fields,
                identities,
                update.optedOut() == null ? before != null && before.optedOut() : update.optedOut(),
                before == null ? now : before.createdAt(),
                now);
    }

    private static @Nullable String or(@Nullable String first, @Nullable String second) {
        return first == null ? second : first;
    }
}
