package io.github.almeidatech.wppflow.contacts;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two contacts became one: what is needed to say why, and to take it back.
 *
 * <p>The survivor keeps its id and its values; parts and custom fields it lacked come from the absorbed contact, and all
 * its identities. Whoever opted out before has opted out after, and both have when the merge is taken back: an opt-out that
 * was said again meanwhile leaves no trace, and other contacts may have brought theirs.
 *
 * @param id unique
 * @param survivorBefore the contact that stays, as it was
 * @param absorbed the contact that went, as it was
 * @param reason such as {@code shared_identity}, or what a person said
 * @param at when
 */
public record ContactMerge(String id, Contact survivorBefore, Contact absorbed, String reason, Instant at) {

    /** The reason of merges that {@link ContactStore#upsert} makes by itself. */
    public static final String SHARED_IDENTITY = "shared_identity";

    public ContactMerge {
        if (!survivorBefore.tenant().equals(absorbed.tenant())) {
            throw new IllegalArgumentException("contacts of two tenants are never merged");
        }
        if (survivorBefore.id().equals(absorbed.id())) {
            throw new IllegalArgumentException("a contact is not merged with itself");
        }
    }

    /** The joined contact right after the merge. */
    public Contact merged() {
        var identities = new LinkedHashSet<>(survivorBefore.identities());
        identities.addAll(absorbed.identities());
        var fields = new LinkedHashMap<>(survivorBefore.customFields());
        absorbed.customFields().forEach(fields::putIfAbsent);
        return new Contact(
                survivorBefore.id(),
                survivorBefore.tenant(),
                or(survivorBefore.phone(), absorbed.phone()),
                or(survivorBefore.name(), absorbed.name()),
                or(survivorBefore.email(), absorbed.email()),
                fields,
                identities,
                survivorBefore.optedOut() || absorbed.optedOut(),
                survivorBefore.createdAt(),
                at);
    }

    /**
     * The survivor after the merge is taken back: without the absorbed identities, and without the values it had taken
     * over, unless they were changed since. An opt-out stays.
     *
     * @param present the survivor as it is now
     */
    public Contact survivorAfterUndo(Contact present, Instant now) {
        var identities = new LinkedHashSet<>(present.identities());
        identities.removeAll(absorbed.identities());
        var fields = new LinkedHashMap<>(present.customFields());
        fields.entrySet()
                .removeIf(field -> !survivorBefore.customFields().containsKey(field.getKey())
                        && field.getValue().equals(absorbed.customFields().get(field.getKey())));
        return new Contact(
                present.id(),
                present.tenant(),
                withoutTaken(survivorBefore.phone(), absorbed.phone(), present.phone()),
                withoutTaken(survivorBefore.name(), absorbed.name(), present.name()),
                withoutTaken(survivorBefore.email(), absorbed.email(), present.email()),
                fields,
                identities.isEmpty() ? survivorBefore.identities() : identities,
                present.optedOut(),
                present.createdAt(),
                now);
    }

    /** The absorbed contact, back as it was; an opt-out of the joint contact counts for it too. */
    public Contact absorbedAfterUndo(Contact present, Instant now) {
        return new Contact(
                absorbed.id(),
                absorbed.tenant(),
                absorbed.phone(),
                absorbed.name(),
                absorbed.email(),
                absorbed.customFields(),
                absorbed.identities(),
                absorbed.optedOut() || present.optedOut(),
                absorbed.createdAt(),
                now);
    }

    /**
     * The same merge after another one into this survivor was taken back: when that one was there first, its absorbed contact
     * has left nothing here, neither for this merge's own undo nor when that person is erased.
     */
    public ContactMerge without(ContactMerge undone) {
        if (Collections.disjoint(survivorBefore.identities(), undone.absorbed.identities())) {
            return this;
        }
        Contact before = undone.survivorAfterUndo(survivorBefore, survivorBefore.updatedAt());
        return new ContactMerge(id, before, absorbed, reason, at);
    }

    private static @Nullable String or(@Nullable String first, @Nullable String second) {
        return first == null ? second : first;
    }

    private static @Nullable String withoutTaken(
            @Nullable String before, @Nullable String theirs, @Nullable String present) {
        return before == null && Objects.equals(theirs, present) ? null : present;
    }

    @Override
    public String toString() {
        return "ContactMerge[" + id + ", " + absorbed.id() + " into " + survivorBefore.id() + "]";
    }
}
