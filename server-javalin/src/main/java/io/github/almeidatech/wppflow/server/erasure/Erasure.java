package io.github.almeidatech.wppflow.server.erasure;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.ErasedTenants;
import io.github.almeidatech.wppflow.jdbc.ErasureRequest;
import io.github.almeidatech.wppflow.jdbc.ErasureRequests;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A person's rights over what is stored of them (LGPD art. 18): to see it, and to have it erased. A request to be
 * forgotten is on disk before its first step; what a crash or an outside system leaves undone, {@link #resume} does.
 * Thread-safe.
 */
public final class Erasure {

    /** Where a copy of the contact is removed, which may just be being made. */
    public static final String ROWS = "rows";
    /** Why an erasure is not finished: a row of theirs may still be being made. */
    public static final String ROW_UNDERWAY = "row_underway";

    /** Where Chatwoot's contact is removed, when that is asked for. */
    public static final String CHATWOOT = "chatwoot";

    private static final Logger log = LoggerFactory.getLogger(Erasure.class);
    private static final int PAGE = 1_000;

    private final Contacts contacts;
    private final EventLog events;
    private final Database database;
    private final ErasureRequests requests;
    private final Pseudonyms pseudonyms;
    private final Map<String, PersonalRecords> shown;
    private final ErasureJournal journal;
    private final Audit audit;
    private final ErasureSteps steps;
    private final InstantSource clock;

    /**
     * Erasures in a database.
     *
     * @param rowMaking after which the row of somebody is there for certain whose making had begun; zero for tenants without rows
     * @param elsewhere further places by name, in the order in which they are gone through
     * @param shown further places by name that can show what they hold; Chatwoot's only when that is asked for
     * @param journal tells of the requests when the database has lost them
     */
    public Erasure(
            Contacts contacts,
            EventLog events,
            Database database,
            Pseudonyms pseudonyms,
            ErasedPeople erasedPeople,
            Map<String, ErasureTarget> elsewhere,
            Map<String, PersonalRecords> shown,
            ErasureJournal journal,
            Audit audit,
            Metrics metrics,
            Function<TenantId, Duration> rowMaking,
            InstantSource clock) {
        this.contacts = contacts;
        this.events = events;
        this.database = database;
        this.requests = database.erasureRequests();
        this.pseudonyms = pseudonyms;
        this.shown = new LinkedHashMap<>(shown);
        this.journal = journal;
        this.audit = audit;
        this.steps = new ErasureSteps(contacts, database, erasedPeople, elsewhere, audit, metrics, rowMaking, clock);
        this.clock = clock;
    }

    /**
     * Everything stored of a person, as plain data: the contact if there is one, messages, commands, events, and what places
     * elsewhere show; of one that does not answer, why.
     *
     * @param chatwoot also Chatwoot's contact
     * @param by who asks: a token's name
     */
    public Map<String, Object> export(TenantId tenant, String personKey, boolean chatwoot, String by) {
        Optional<Contact> contact = contacts.findPerson(tenant, personKey);
        Map<String, Object> export = new LinkedHashMap<>(contact.flatMap(known -> contacts.export(tenant, known.id()))
                .orElseGet(() -> Map.of("lists", contacts.exportLists(tenant, identitiesOf(contact, personKey)))));
        var messages = new ArrayList<>();
        var commands = new ArrayList<>();
        var about = new ArrayList<Map<String, Object>>();
        for (Identity person : ErasureSteps.people(identitiesOf(contact, personKey))) {
            Map<String, Object> stored = database.export(tenant, person.value());
            messages.addAll((List<?>) stored.getOrDefault("messages", List.of()));
            commands.addAll((List<?>) stored.getOrDefault("commands", List.of()));
            addEvents(tenant, person.value(), about);
        }
        export.put("messages", messages);
        export.put("commands", commands);
        export.put("events", about);
        Contact person = contact.orElseGet(() -> nobodyKnown(tenant, personKey));
        shown.forEach((place, records) -> {
            if (chatwoot || !place.equals(CHATWOOT)) {
                export.put(place, shownBy(place, records, person));
            }
        });
        audit.note(tenant, "person_exported", by, null, Map.of("person", pseudonym(tenant, personKey)));
        return export;
    }

    private static Map<String, Object> shownBy(String place, PersonalRecords records, Contact person) {
        try {
            return Map.of("records", records.export(person));
        } catch (FlowException e) {
            log.warn("an export goes without {}: {}", place, e.code().code());
            return Map.of("problem", e.code().code());
        } catch (RuntimeException e) {
            log.error("an export goes without {}", place, e);
            return Map.of("problem", e.getClass().getSimpleName());
        }
    }

    private Contact nobodyKnown(TenantId tenant, String personKey) {
        Instant now = clock.instant();
        return new Contact(
                Uuid7.at(now), tenant, null, null, null, Map.of(), Set.of(Identity.person(personKey)), false, now, now);
    }

    private void addEvents(TenantId tenant, String personKey, List<Map<String, Object>> about) {
        String cursor = null;
        do {
            EventPage page = events.query(new EventQuery(tenant, null, personKey, null, null, null, PAGE, cursor));
            for (Event event : page.events()) {
                about.add(Map.of(
                        "id", event.id(),
                        "type", event.type(),
                        "at", event.at().toString(),
                        "payload", event.payload()));
            }
            cursor = page.nextCursor();
        } while (cursor != null);
    }

    /**
     * Erases a person here, first what could still be sent: messages, raw bodies, commands, the content of events, the
     * contact; then elsewhere. That they opted out stays as a keyed hash. Asking again while a request is open goes on with
     * that one.
     *
     * @param chatwoot also Chatwoot's contact, with its conversations
     * @param by who asks: a token's name
     * @return how far it came; {@link ErasureRequest#finishedAt} is null when something has to be repeated, which happens
     *     by itself
     */
    public ErasureRequest erase(TenantId tenant, String personKey, boolean chatwoot, String by) {
        String pseudonym = pseudonym(tenant, personKey);
        Optional<ErasureRequest> before = requests.open().stream()
                .filter(open -> open.tenant().equals(tenant) && open.pseudonym().equals(pseudonym))
                .findFirst();
        ErasureRequest request = before.map(open -> open.isNameless() ? about(open, personKey) : open)
                .map(open -> chatwoot && !open.chatwoot() ? alsoInChatwoot(open) : open)
                .orElseGet(() -> request(tenant, personKey, pseudonym, chatwoot, by));
        journal.add(ErasureJournal.Entry.of(request));
        requests.put(request);
        return before.isEmpty() ? steps.begin(request) : steps.goOn(request);
    }

    /**
     * What an erasure is known by when its database is lost.
     *
     * @param id of the request
     * @param person the keyed hash of its receipt
     * @param chatwoot whether Chatwoot's contact was to go too
     * @param requestedBy who asked for it
     * @param requestedAt when
     */
    public record Earlier(String id, String person, boolean chatwoot, String requestedBy, Instant requestedAt) {}

    /**
     * Makes a database that was restored from a backup forget again: every request of the journal that it does not know.
     * For the start, before anything else is done. Blocks until they are carried out or have failed once.
     */
    public void repeatFromJournal() {
        Map<TenantId, List<Earlier>> byTenant = new LinkedHashMap<>();
        for (ErasureJournal.Entry entry : journal.entries()) {
            byTenant.computeIfAbsent(entry.tenant(), tenant -> new ArrayList<>())
                    .add(new Earlier(
                            entry.id(), entry.person(), entry.chatwoot(), entry.requestedBy(), entry.requestedAt()));
        }
        Set<TenantId> stored = byTenant.isEmpty() ? Set.of() : database.tenants();
        List<ErasureRequest> unknown = byTenant.entrySet().stream()
                .filter(tenant -> stored.contains(tenant.getKey()))
                .flatMap(tenant ->
                        repeat(tenant.getKey(), sinceItsOwnErasure(tenant.getKey(), tenant.getValue())).stream())
                .toList();
        carryOut(unknown);
    }

    /** A tenant that was erased and came back forgot everybody with it; who writes to it now has asked for nothing. */
    private List<Earlier> sinceItsOwnErasure(TenantId tenant, List<Earlier> journal) {
        Instant forgotten = database.erasedTenants()
                .latest(tenant)
                .map(ErasedTenants.Erasure::ended)
                .orElse(Instant.EPOCH);
        return journal.stream()
                .filter(each -> !each.requestedAt().isBefore(forgotten))
                .toList();
    }

    /**
     * Takes down earlier requests that this database does not know of, to be carried out again by {@link #resume}; those it
     * knows are left alone, so repeating it is harmless. All of them are on disk when this returns.
     *
     * @return those that were not known, also of people of whom nothing is stored
     */
    public List<ErasureRequest> repeat(TenantId tenant, List<Earlier> earlier) {
        List<ErasureRequest> unknown = earlier.stream()
                .filter(each -> requests.find(tenant, each.id()).isEmpty())
                .map(each -> new ErasureRequest(
                        each.id(),
                        tenant,
                        each.person(),
                        Set.of(),
                        null,
                        each.chatwoot(),
                        each.requestedBy(),
                        each.requestedAt(),
                        Map.of(),
                        null,
                        null))
                .toList();
        if (!unknown.isEmpty()) {
            log.info(
                    "{} erasures of tenant {} are repeated: the database did not know of them", unknown.size(), tenant);
            unknown.forEach(request -> journal.add(ErasureJournal.Entry.of(request)));
            unknown.forEach(requests::put);
        }
        return unknown;
    }

    /** Goes on with every request that is not finished, each once; also with those that come meanwhile. */
    public void resume() {
        steps.emptyLog();
        var tried = new HashSet<String>();
        List<ErasureRequest> open = requests.open();
        while (!open.isEmpty()) {
            carryOut(open);
            open.forEach(request -> tried.add(request.tenant() + "/" + request.id()));
            open = requests.open().stream()
                    .filter(request -> !tried.contains(request.tenant() + "/" + request.id()))
                    .toList();
        }
    }

    private void carryOut(List<ErasureRequest> open) {
        Map<TenantId, Map<String, String>> people = new HashMap<>();
        for (ErasureRequest request : open) {
            if (!request.isNameless()) {
                steps.goOn(request);
                continue;
            }
            String personKey = people.computeIfAbsent(request.tenant(), this::peopleByPseudonym)
                    .get(request.pseudonym());
            if (personKey == null) { // of whom nothing is stored, nothing is left to do
                requests.put(request.finished(clock.instant()));
                continue;
            }
            ErasureRequest found = about(request, personKey);
            requests.put(found);
            steps.goOn(found);
        }
    }

    private ErasureRequest about(ErasureRequest nameless, String personKey) {
        Optional<Contact> contact = contacts.findPerson(nameless.tenant(), personKey);
        return nameless.about(
                identitiesOf(contact, personKey), contact.map(Contact::phone).orElse(null));
    }

    private Map<String, String> peopleByPseudonym(TenantId tenant) {
        Map<String, String> people = new HashMap<>();
        for (String personKey : database.people(tenant)) {
            people.put(pseudonym(tenant, personKey), personKey);
        }
        return people;
    }

    /** The receipt of a request. */
    public Optional<ErasureRequest> find(TenantId tenant, String id) {
        return requests.find(tenant, id);
    }

    /** The latest requests of a tenant. */
    public List<ErasureRequest> list(TenantId tenant, int limit) {
        return requests.list(tenant, limit);
    }

    /** Those before one of them, the latest first. */
    public List<ErasureRequest> listAfter(TenantId tenant, String id, int limit) {
        return requests.listAfter(tenant, id, limit);
    }

    /**
     * Writes down what a person has consented to, or not any more: {@code contact.} and a word, kept like the audit.
     *
     * @param personKey null for somebody of whom only Chatwoot's number is known
     */
    public void consent(TenantId tenant, @Nullable String personKey, String word, Map<String, Object> about) {
        Instant now = clock.instant();
        events.append(List.of(new Event(
                Uuid7.at(now),
                tenant,
                null,
                personKey,
                "contact." + word,
                1,
                about,
                Event.Source.PERSON,
                null,
                null,
                0,
                now)));
    }

    private ErasureRequest request(TenantId tenant, String personKey, String pseudonym, boolean chatwoot, String by) {
        Optional<Contact> contact = contacts.findPerson(tenant, personKey);
        Instant now = clock.instant();
        return new ErasureRequest(
                Uuid7.at(now),
                tenant,
                pseudonym,
                identitiesOf(contact, personKey),
                contact.map(Contact::phone).orElse(null),
                chatwoot,
                by,
                now,
                Map.of(),
                null,
                null);
    }

    private static ErasureRequest alsoInChatwoot(ErasureRequest open) {
        return new ErasureRequest(
                open.id(),
                open.tenant(),
                open.pseudonym(),
                open.identities(),
                open.phone(),
                true,
                open.requestedBy(),
                open.requestedAt(),
                open.receipt(),
                open.problem(),
                null);
    }

    /** The keyed hash that stands for a person where no personal data is to stand. */
    public String pseudonym(TenantId tenant, String personKey) {
        return pseudonyms.of(tenant, Identity.person(personKey)).value();
    }

    private static Set<Identity> identitiesOf(Optional<Contact> contact, String personKey) {
        var identities = new LinkedHashSet<Identity>();
        identities.add(Identity.person(personKey));
        contact.ifPresent(known -> identities.addAll(known.identities()));
        return identities;
    }
}
