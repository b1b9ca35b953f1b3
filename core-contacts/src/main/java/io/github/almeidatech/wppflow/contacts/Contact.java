package io.github.almeidatech.wppflow.contacts;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
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

    @Override
    public String toString() {
        return "Contact[" + id + ", " + tenant + "]";
    }
}
