package io.github.almeidatech.wppflow.contacts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is now known of a person. Null parts and absent fields leave what is stored as it is.
 *
 * @param identities at least one; those not yet stored are added
 * @param phone E.164 as delivered
 * @param name new name
 * @param email new e-mail address
 * @param customFields fields to set; others are kept
 * @param optedOut new opt-out state
 */
public record ContactUpdate(
        Set<Identity> identities,
        @Nullable String phone,
        @Nullable String name,
        @Nullable String email,
        Map<String, String> customFields,
        @Nullable Boolean optedOut) {

    public ContactUpdate {
        identities = Set.copyOf(identities);
        customFields = Collections.unmodifiableMap(new LinkedHashMap<>(customFields));
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("at least one identity wanted");
        }
    }

    @Override
    public String toString() {
        return "ContactUpdate[" + identities.size() + " identities, fields " + customFields.keySet() + "]";
    }
}
