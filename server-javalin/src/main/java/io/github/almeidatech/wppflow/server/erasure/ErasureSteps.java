package io.github.almeidatech.wppflow.server.erasure;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.Erased;
import io.github.almeidatech.wppflow.jdbc.ErasureRequest;
import io.github.almeidatech.wppflow.jdbc.ErasureRequests;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one request to be forgotten: first here, then place by place, and what was done is on disk after each step. A
 * step that is done is not repeated; one that was cut off is, which is harmless. Thread-safe.
 */
final class ErasureSteps {

    private static final Logger log = LoggerFactory.getLogger(ErasureSteps.class);
    private static final String EARLY_ROWS = "rows_before";
    /** The last of the counts that erasing our own database leaves: it is there when all of them are. */
    private static final String STORED = "events";

    private final Contacts contacts;
    private final Database database;
    private final ErasureRequests requests;
    private final ErasedPeople erasedPeople;
    private final Map<String, ErasureTarget> elsewhere;
    private final Audit audit;
    private final Metrics metrics;
    private final Function<TenantId, Duration> rowMaking;
    private final InstantSource clock;
    private volatile boolean logWaits;

    /** As {@link Erasure} is made with. */
    ErasureSteps(
            Contacts contacts,
            Database database,
            ErasedPeople erasedPeople,
            Map<String, ErasureTarget> elsewhere,
            Audit audit,
            Metrics metrics,
            Function<TenantId, Duration> rowMaking,
            InstantSource clock) {
        this.contacts = contacts;
        this.database = database;
        this.requests = database.erasureRequests();
        this.erasedPeople = erasedPeople;
        this.elsewhere = new LinkedHashMap<>(elsewhere);
        this.audit = audit;
        this.metrics = metrics;
        this.rowMaking = rowMaking;
        this.clock = clock;
    }

    /** A request that was just made. */
    ErasureRequest begin(ErasureRequest request) {
        return run(request, nextCopy(request));
    }

    /** A request that was begun before: it is not known any more what was under way then. */
    ErasureRequest goOn(ErasureRequest begun) {
        return run(begun, begun.requestedAt().plus(rowMaking.apply(begun.tenant())));
    }

    /** When a row that is being made of somebody who is still stored is there for certain. */
    private Instant nextCopy(ErasureRequest request) {
        return request.identities().stream()
                .flatMap(identity -> contacts.find(request.tenant(), identity).stream())
                .flatMap(contact -> contacts.copyDue(request.tenant(), contact.id()).stream())
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** @param rowsThere before that, a row of theirs may still be made, and has to be looked for again */
    private ErasureRequest run(ErasureRequest begun, Instant rowsThere) {
        ErasureRequest request = begun;
        boolean mayBeMade = clock.instant().isBefore(rowsThere);
        try {
            if (!request.receipt().containsKey(STORED)) {
                request = here(request);
                requests.put(request);
            }
            for (var target : elsewhere.entrySet()) {
                boolean wanted = !target.getKey().equals(Erasure.CHATWOOT) || request.chatwoot();
                if (wanted && !request.receipt().containsKey(target.getKey())) {
                    boolean early = mayBeMade && target.getKey().equals(Erasure.ROWS);
                    long gone = target.getValue().erase(person(request));
                    long before = target.getKey().equals(Erasure.ROWS) ? counted(request, EARLY_ROWS) : 0;
                    request = request.done(early ? EARLY_ROWS : target.getKey(), before + gone);
                    requests.put(request);
                }
            }
            if (mayBeMade) {
                request = here(request).stuck(Erasure.ROW_UNDERWAY);
                requests.put(request);
                return request;
            }
            request = here(request); // what came back meanwhile, from a table that is mirrored
            note(request); // before it is finished: told twice after a crash, and never not at all
            request = request.finished(clock.instant());
            requests.put(request);
            logWaits = true;
            emptyLog();
            metrics.erased(request.tenant(), true);
            return request;
        } catch (FlowException e) {
            log.warn("erasure {} has to be repeated: {}", request.id(), e.code().code());
            metrics.erased(request.tenant(), false);
            request = request.stuck(e.code().code());
            requests.put(request);
            return request;
        } catch (RuntimeException e) { // such as of a tenant that was removed: no reason to leave the others
            log.error("erasure {} has to be repeated", request.id(), e);
            metrics.erased(request.tenant(), false);
            request = request.stuck(e.getClass().getSimpleName());
            requests.put(request);
            return request;
        }
    }

    /**
     * Takes what was removed out of the database's write-ahead log too. While somebody reads from it that has to wait: the
     * next call does it, or the next night.
     */
    void emptyLog() {
        if (!logWaits) {
            return;
        }
        try {
            database.checkpoint();
            logWaits = false;
        } catch (FlowException e) {
            log.info(
                    "what was erased leaves the write-ahead log later: {}",
                    e.code().code());
        }
    }

    private ErasureRequest here(ErasureRequest request) {
        TenantId tenant = request.tenant();
        keepOptOut(request);
        long known = 0;
        for (Identity identity : request.identities()) {
            boolean erased = contacts.find(tenant, identity)
                    .map(contact -> contacts.erase(tenant, contact.id()))
                    .orElse(false);
            known += erased ? 1 : 0;
        }
        contacts.eraseFromLists(tenant, request.identities());
        long messages = 0;
        long commands = 0;
        long emptied = 0;
        for (Identity person : people(request.identities())) {
            Erased erased = database.erase(tenant, person.value(), clock.instant());
            known += erased.contacts();
            messages += erased.messages();
            commands += erased.commands();
            emptied += erased.events();
        }
        return request.done("contacts", counted(request, "contacts") + known)
                .done("messages", counted(request, "messages") + messages)
                .done("commands", counted(request, "commands") + commands)
                .done(STORED, counted(request, STORED) + emptied);
    }

    /** Whoever opted out is left alone in their conversations too, of which nobody knows then whose they were. */
    private void keepOptOut(ErasureRequest request) {
        List<Identity> people = people(request.identities());
        TenantId tenant = request.tenant();
        if (people.stream().anyMatch(person -> contacts.isListed(tenant, ContactList.OPTED_OUT, person))) {
            for (Identity person : people) {
                database.conversationsOf(tenant, person.value())
                        .forEach(conversation -> erasedPeople.keep(conversation, person.value()));
            }
        }
    }

    private static long counted(ErasureRequest request, String step) {
        return request.receipt().getOrDefault(step, 0L);
    }

    private void note(ErasureRequest request) {
        var about = new LinkedHashMap<String, Object>(request.receipt());
        about.put("erasure", request.id());
        about.put("person", request.pseudonym());
        audit.note(request.tenant(), "person_erased", request.requestedBy(), null, about);
    }

    /** What is left to look for elsewhere; our own contact is gone by then. */
    private static Contact person(ErasureRequest request) {
        return new Contact(
                request.id(),
                request.tenant(),
                request.phone(),
                null,
                null,
                Map.of(),
                request.identities(),
                false,
                request.requestedAt(),
                request.requestedAt());
    }

    /** A person under each number that is known of theirs. */
    static List<Identity> people(Set<Identity> identities) {
        return identities.stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .toList();
    }
}
