package io.github.almeidatech.wppflow.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far a contact's copy outside, such as its row in a table, is behind: kept with the contact and changed in the same
 * transaction, so that no change can be forgotten. Pure functions: a store reads, calls them, and writes what they return.
 *
 * @param parts what the copy has to say even where it says something else: {@code name}, {@code email}, {@code opted_out},
 *     {@code custom_fields.<field>}. Everything else only fills what the copy does not say
 * @param since when the copy began to be behind; null when it is not
 * @param due when somebody may next try to write it; null when there is nothing to write
 * @param copiedAt when it was last written; null for never
 */
public record CopyState(
        Set<String> parts,
        @Nullable Instant since,
        @Nullable Instant due,
        @Nullable Instant copiedAt) {

    /** Of a contact whose copy says everything, or that needs none. */
    public static final CopyState EVEN = new CopyState(Set.of(), null, null, null);

    private static final String FIELD = "custom_fields.";

    public CopyState {
        parts = Set.copyOf(parts);
    }

    /** A contact and the state of its copy. */
    public record Copied(Contact contact, CopyState state) {}

    /** The part that a custom field is. */
    public static String field(String name) {
        return FIELD + name;
    }

    /**
     * The state of a contact after a change.
     *
     * @param before what it was made of: nothing for a new one, one contact for a changed one, several for joined ones
     * @param told whether the change says what the copy has to say; else it only fills what the copy does not say
     */
    public static CopyState after(List<Copied> before, Contact after, boolean told, Instant now) {
        var parts = new LinkedHashSet<String>();
        before.forEach(each -> parts.addAll(each.state.parts));
        if (before.isEmpty() && told) {
            parts.addAll(between(null, after));
        }
        if (told || before.size() > 1) {
            before.forEach(each -> parts.addAll(between(each.contact, after)));
        }
        Instant copiedAt = before.stream()
                .map(each -> each.state.copiedAt)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
        boolean behind =
                before.size() != 1 || before.get(0).state.since != null || !saysTheSame(before.get(0).contact, after);
        if (!behind) {
            return new CopyState(Set.of(), null, null, copiedAt);
        }
        Instant since = before.stream()
                .map(each -> each.state.since)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(now);
        // Who is writing it just now goes on alone: what became of both is written when that is over.
        Instant due = before.stream()
                .map(each -> each.state.due)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(now);
        return new CopyState(parts, since, due, copiedAt);
    }

    /** The copy of this contact is asked for, though nothing has changed. */
    public CopyState wanted(Instant now) {
        return since == null ? new CopyState(parts, now, now, copiedAt) : this;
    }

    /** Nobody else tries before that. */
    public CopyState notBefore(Instant next) {
        return since == null ? this : new CopyState(parts, since, next, copiedAt);
    }

    /**
     * After the copy was written. What has changed meanwhile is still to be written, at once.
     *
     * @param written the contact as it was written
     * @param left parts the copy could not take
     */
    public CopyState written(Contact written, Set<String> left, Contact present, Instant now) {
        var still = new LinkedHashSet<>(between(written, present));
        boolean changed = !still.isEmpty() || !saysTheSame(written, present);
        still.addAll(left);
        still.retainAll(parts);
        if (changed) {
            return new CopyState(still, now, now, now);
        }
        return still.isEmpty() ? new CopyState(Set.of(), null, null, now) : new CopyState(still, since, due, now);
    }

    /** Whether it was written later than that, so that what was read then may be old. */
    public boolean writtenSince(Instant readAt) {
        return copiedAt != null && copiedAt.isAfter(readAt);
    }

    /** What a copy may change here: nothing that it still has to be told. */
    public static ContactUpdate acceptable(ContactUpdate update, Collection<Copied> found) {
        Set<String> theirs =
                found.stream().flatMap(each -> each.state.parts.stream()).collect(Collectors.toSet());
        if (theirs.isEmpty()) {
            return update;
        }
        var fields = new LinkedHashMap<>(update.customFields());
        fields.keySet().removeIf(name -> theirs.contains(field(name)));
        return new ContactUpdate(
                update.identities(),
                update.phone(),
                theirs.contains("name") ? null : update.name(),
                theirs.contains("email") ? null : update.email(),
                fields,
                theirs.contains("opted_out") ? null : update.optedOut());
    }

    /** The parts in which they differ; of a new contact those that say something. */
    private static Set<String> between(@Nullable Contact before, Contact after) {
        var parts = new LinkedHashSet<String>();
        if (!Objects.equals(before == null ? null : before.name(), after.name())) {
            parts.add("name");
        }
        if (!Objects.equals(before == null ? null : before.email(), after.email())) {
            parts.add("email");
        }
        if ((before != null && before.optedOut()) != after.optedOut()) {
            parts.add("opted_out");
        }
        Map<String, String> fields = before == null ? Map.of() : before.customFields();
        var names = new LinkedHashSet<>(fields.keySet());
        names.addAll(after.customFields().keySet());
        names.removeIf(
                name -> Objects.equals(fields.get(name), after.customFields().get(name)));
        names.forEach(name -> parts.add(field(name)));
        return parts;
    }

    private static boolean saysTheSame(Contact one, Contact other) {
        return between(one, other).isEmpty()
                && Objects.equals(one.phone(), other.phone())
                && withoutCopies(one).equals(withoutCopies(other));
    }

    private static Set<Identity> withoutCopies(Contact contact) {
        return contact.identities().stream()
                .filter(identity -> identity.kind() != Identity.Kind.BASEROW)
                .collect(Collectors.toSet());
    }
}
