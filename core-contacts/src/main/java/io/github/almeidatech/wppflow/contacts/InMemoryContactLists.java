package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists that last as long as the process. Thread-safe. */
public final class InMemoryContactLists implements ContactLists {

    private static final Comparator<Identity> ORDER =
            Comparator.comparing((Identity identity) -> identity.kind().word()).thenComparing(Identity::value);

    private record Key(TenantId tenant, ContactList list) {}

    private final Map<Key, Set<Identity>> lists = new HashMap<>();

    @Override
    public synchronized boolean add(TenantId tenant, ContactList list, Identity identity) {
        return lists.computeIfAbsent(new Key(tenant, list), key -> new LinkedHashSet<>())
                .add(identity);
    }

    @Override
    public synchronized boolean remove(TenantId tenant, ContactList list, Identity identity) {
        return of(tenant, list).remove(identity);
    }

    @Override
    public synchronized List<Identity> entries(TenantId tenant, ContactList list, @Nullable Identity after, int limit) {
        return of(tenant, list).stream()
                .filter(identity -> after == null || ORDER.compare(identity, after) > 0)
                .sorted(ORDER)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Set<ContactList> listing(TenantId tenant, Set<Identity> identities) {
        var found = new LinkedHashSet<ContactList>();
        for (ContactList list : ContactList.values()) {
            if (identities.stream().anyMatch(of(tenant, list)::contains)) {
                found.add(list);
            }
        }
        return found;
    }

    @Override
    public synchronized boolean isEmpty(TenantId tenant, ContactList list) {
        return of(tenant, list).isEmpty();
    }

    private Set<Identity> of(TenantId tenant, ContactList list) {
        return lists.getOrDefault(new Key(tenant, list), new LinkedHashSet<>());
    }
}
