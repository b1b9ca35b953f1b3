package io.github.almeidatech.wppflow.contacts;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A correction of one contact: unlike {@link ContactUpdate} it can also take something away. A new phone number is not a
 * correction but an identity: {@link ContactStore#upsert} adds it.
 *
 * @param set parts to set
 * @param clear parts to empty
 * @param setFields custom fields to set; others are kept
 * @param removeFields custom fields to remove
 * @param optedOut new opt-out state, or null for the present one
 */
public record ContactPatch(
        Map<Part, String> set,
        Set<Part> clear,
        Map<String, String> setFields,
        Set<String> removeFields,
        @Nullable Boolean optedOut) {

    /** What can be corrected. */
    public enum Part {
        NAME,
        EMAIL
    }

    public ContactPatch {
        set = Map.copyOf(set);
        clear = Set.copyOf(clear);
        setFields = Collections.unmodifiableMap(new LinkedHashMap<>(setFields));
        removeFields = Set.copyOf(removeFields);
    }

    /** Changes only the opt-out state. */
    public static ContactPatch optOut(boolean optedOut) {
        return builder().optedOut(optedOut).build();
    }

    /** Leaves everything as it is until told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /** The contact after the correction; the same object when nothing changes. */
    public Contact applyTo(Contact contact, Instant now) {
        var fields = new LinkedHashMap<>(contact.customFields());
        fields.putAll(setFields);
        fields.keySet().removeAll(removeFields);
        var changed = new Contact(
                contact.id(),
                contact.tenant(),
                contact.phone(),
                part(Part.NAME, contact.name()),
                part(Part.EMAIL, contact.email()),
                fields,
                contact.identities(),
                optedOut == null ? contact.optedOut() : optedOut,
                contact.createdAt(),
                contact.updatedAt());
        return changed.equals(contact) ? contact : changed.touched(now);
    }

    private @Nullable String part(Part part, @Nullable String present) {
        return clear.contains(part) ? null : set.getOrDefault(part, present);
    }

    @Override
    public String toString() {
        return "ContactPatch[set " + set.keySet() + ", clear " + clear + ", fields " + setFields.keySet() + "]";
    }

    /** Collects corrections; for each thing the last one counts. */
    public static final class Builder {

        private final Map<Part, String> set = new LinkedHashMap<>();
        private final Set<Part> clear = new LinkedHashSet<>();
        private final Map<String, String> setFields = new LinkedHashMap<>();
        private final Set<String> removeFields = new LinkedHashSet<>();
        private @Nullable Boolean optedOut;

        private Builder() {}

        /** A new name; null empties it. */
        public Builder name(@Nullable String name) {
            return part(Part.NAME, name);
        }

        /** A new e-mail address; null empties it. */
        public Builder email(@Nullable String email) {
            return part(Part.EMAIL, email);
        }

        /** A new value of a custom field; null removes it. */
        public Builder customField(String field, @Nullable String value) {
            if (value == null) {
                setFields.remove(field);
                removeFields.add(field);
            } else {
                removeFields.remove(field);
                setFields.put(field, value);
            }
            return this;
        }

        /** Whether the person wants no automatic messages. */
        public Builder optedOut(boolean optedOut) {
            this.optedOut = optedOut;
            return this;
        }

        private Builder part(Part part, @Nullable String value) {
            if (value == null) {
                set.remove(part);
                clear.add(part);
            } else {
                clear.remove(part);
                set.put(part, value);
            }
            return this;
        }

        /** The patch. */
        public ContactPatch build() {
            return new ContactPatch(set, clear, setFields, removeFields, optedOut);
        }
    }
}
