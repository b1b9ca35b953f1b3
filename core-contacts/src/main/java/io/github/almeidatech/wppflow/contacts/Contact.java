package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person who writes to a tenant.
 *
 * @param id ours; unique
 * @param tenant whose contact
 * @param phone E.164 as delivered; answers go there. Null for people without a number
 * @param name as last told
 * @param email as last told
 * @param customFields the tenant's own fields, as text
 * @param identities everything the person is recognised by; never empty
 * @param optedOut the person asked not to be written to automatically
 * @param createdAt when first seen
 * @param updatedAt when last changed
 */
public record Contact(
        String id,
        TenantId tenant,
        @Nullable String phone,
        @Nullable String name,
        @Nullable String email,
        Map<String, String> customFields,
        Set<Identity> identities,
        boolean optedOut,
        Instant createdAt,
        Instant updatedAt) {

    public Contact {
        customFields = Collections.unmodifiableMap(new LinkedHashMap<>(customFields));
        identities = Set.copyOf(identities);
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("a contact nobody could find again");
        }
    }

    /** As plain data, with the words of the HTTP API; times in ISO 8601. */
    public Map<String, Object> toPlainData() {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", id);
        data.put("tenant_id", tenant.value());
        data.put("phone", phone);
        data.put("name", name);
        data.put("email", email);
        data.put("custom_fields", customFields);
        data.put(
                "identities",
                identities.stream()
                        .sorted(Comparator.comparing(Identity::kind).thenComparing(Identity::value))
                        .map(identity -> Map.of("kind", identity.kind().word(), "value", identity.value()))
                        .toList());
        data.put("opted_out", optedOut);
        data.put("created_at", createdAt.toString());
        data.put("updated_at", updatedAt.toString());
        @SuppressWarnings("NullAway") // null values are data here: JSON has them
        Map<String, Object> result = Collections.unmodifiableMap(data);
        return result;
    }

    /** The same, to be recognised by these too. */
    public Contact withIdentities(Set<Identity> more) {
        var all = new LinkedHashSet<>(identities);
        all.addAll(more);
        return new Contact(id, tenant, phone, name, email, customFields, all, optedOut, createdAt, updatedAt);
    }

    /** The same, last changed at that time. */
    Contact touched(Instant now) {
        return new Contact(id, tenant, phone, name, email, customFields, identities, optedOut, createdAt, now);
    }

    @Override
    public String toString() {
        return "Contact[" + id + ", " + tenant + "]";
    }
}
