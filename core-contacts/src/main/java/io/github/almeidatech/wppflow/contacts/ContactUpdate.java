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
 * @param told whether somebody said so, so that a copy outside has to say it too; what was only seen, such as the name a
 *     channel shows, fills what the copy does not say
 */
public record ContactUpdate(
        Set<Identity> identities,
        @Nullable String phone,
        @Nullable String name,
        @Nullable String email,
        Map<String, String> customFields,
        @Nullable Boolean optedOut,
        boolean told) {

    public ContactUpdate {
        identities = Set.copyOf(identities);
        customFields = Collections.unmodifiableMap(new LinkedHashMap<>(customFields));
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("at least one identity wanted");
        }
    }

    /** Something that was told. */
    public ContactUpdate(
            Set<Identity> identities,
            @Nullable String phone,
            @Nullable String name,
            @Nullable String email,
            Map<String, String> customFields,
            @Nullable Boolean optedOut) {
        this(identities, phone, name, email, customFields, optedOut, true);
    }

    /** The same for somebody who opted out before. */
    ContactUpdate optingOut() {
        return new ContactUpdate(identities, phone, name, email, customFields, true, told);
    }

    @Override
    public String toString() {
        return "ContactUpdate[" + identities.size() + " identities, fields " + customFields.keySet() + "]";
    }
}
