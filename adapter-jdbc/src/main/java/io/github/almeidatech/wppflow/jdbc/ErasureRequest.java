package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's request to be forgotten: on disk before anything is erased, so that an interruption is taken up again.
 *
 * @param id ours, sortable by time
 * @param tenant by whom
 * @param pseudonym a keyed hash of the person: tells later that it was this person, to whoever knows whom to ask for
 * @param identities whom to look for; empty once it is finished, and as long as only the pseudonym is known
 * @param phone the number as known, E.164; null once it is finished
 * @param chatwoot whether Chatwoot's contact is to go too
 * @param requestedBy who asked for it here: a token's name
 * @param requestedAt when
 * @param receipt what each step that is done has removed, in order
 * @param problem why the next step could not be done yet; null when it was not tried or all is done
 * @param finishedAt when nothing was left to do; null before
 */
public record ErasureRequest(
        String id,
        TenantId tenant,
        String pseudonym,
        Set<Identity> identities,
        @Nullable String phone,
        boolean chatwoot,
        String requestedBy,
        Instant requestedAt,
        Map<String, Long> receipt,
        @Nullable String problem,
        @Nullable Instant finishedAt) {

    public ErasureRequest {
        identities = Set.copyOf(identities);
        receipt = Collections.unmodifiableMap(new LinkedHashMap<>(receipt));
    }

    /** Whether nothing but the pseudonym is known of whom it is about: a request of before a restore. */
    public boolean isNameless() {
        return finishedAt == null && identities.isEmpty();
    }

    /** When it has been found out whom it is about. */
    public ErasureRequest about(Set<Identity> person, @Nullable String number) {
        return new ErasureRequest(
                id, tenant, pseudonym, person, number, chatwoot, requestedBy, requestedAt, receipt, null, null);
    }

    /** After a step. */
    public ErasureRequest done(String step, long removed) {
        var steps = new LinkedHashMap<>(receipt);
        steps.put(step, removed);
        return new ErasureRequest(
                id, tenant, pseudonym, identities, phone, chatwoot, requestedBy, requestedAt, steps, null, null);
    }

    /** After a step that could not be done. */
    public ErasureRequest stuck(String why) {
        return new ErasureRequest(
                id, tenant, pseudonym, identities, phone, chatwoot, requestedBy, requestedAt, receipt, why, null);
    }

    /** After the last step: nothing tells any more who it was. */
    public ErasureRequest finished(Instant now) {
        return new ErasureRequest(
                id, tenant, pseudonym, Set.of(), null, chatwoot, requestedBy, requestedAt, receipt, null, now);
    }

    @Override
    public String toString() {
        return "ErasureRequest[" + id + ", " + tenant + ", " + receipt.keySet() + "]";
    }
}
