package io.github.almeidatech.wppflow.server.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.Verification;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.ErasureRequest;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.OptOuts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An erasure that dies at any of its steps is finished by the next process, and leaves nothing anywhere. */
class ErasureStepsTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final Instant NOW = Instant.parse("2026-03-01T15:00:00Z");
    private static final String SECRET = "meu gato se chama Xodozinho";

    /** Not an exception: nothing that catches failures catches the end of a process. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    private Path folder;

    private final Pseudonyms pseudonyms = new Pseudonyms(new byte[32]);
    private final Map<String, Set<String>> places = new LinkedHashMap<>();
    private Database database;
    private Contacts contacts;
    private int steps;
    private int diesAt;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("e.db"));
        contacts = new Contacts(database.contactStore(), database.contactLists(), pseudonyms);
        for (String place : List.of("rows", "chatwoot")) {
            places.put(place, new HashSet<>());
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void it_goes_on_after_a_death_at_each_step() {
        int deaths = 0;
        for (int step = 1; ; step++) {
            String person = "+55119877700" + (10 + step);
            var conversation = new ConversationId(HOTEL, 1, step);
            known(person, conversation);

            steps = 0;
            diesAt = step;
            boolean died = false;
            try {
                erasure().erase(HOTEL, person, true, "console");
            } catch (Died e) {
                died = true;
                deaths++;
            }
            diesAt = 0;
            Erasure next = erasure();
            next.repeatFromJournal();
            next.resume();
            boolean takenDown = next.list(HOTEL, 100).stream()
                    .anyMatch(request -> request.pseudonym().equals(next.pseudonym(HOTEL, person)));
            if (!takenDown) { // nothing was said to be done: who asked for it asks again
                next.erase(HOTEL, person, true, "console");
            }

            assertThat(next.list(HOTEL, 1))
                    .as("after a death at step " + step)
                    .allSatisfy(request -> assertThat(request.finishedAt()).isEqualTo(NOW));
            nothingIsLeftOf(person, conversation, next);
            if (!died) {
                break;
            }
        }
        assertThat(deaths).isGreaterThan(10);
        assertThat(database.eventArchive().verify(HOTEL)).isInstanceOf(Verification.Intact.class);
    }

    @Test
    void its_receipt_says_what_was_removed_where() {
        known("+5511987770001", new ConversationId(HOTEL, 1, 1));

        ErasureRequest done = erasure().erase(HOTEL, "+5511987770001", true, "console");

        assertThat(done.receipt())
                .containsEntry("contacts", 1L)
                .containsEntry("messages", 1L)
                .containsEntry("events", 2L)
                .containsEntry("media_cache", 1L)
                .containsEntry("rows", 1L)
                .containsEntry("chatwoot", 1L);
    }

    /** Written, filed, opted out, and known elsewhere too. */
    private void known(String person, ConversationId conversation) {
        var sender = new Sender(5L, "Joana Exemplo", person, person, person);
        var message = new InboundMessage(
                conversation, conversation.number(), 1L, NOW, ContentType.TEXT, SECRET, List.of(), sender, null);
        database.flowStore()
                .accept(
                        new InboundEvent(
                                conversation,
                                "message_created",
                                List.of("message:" + conversation.key()),
                                message,
                                null,
                                false,
                                person,
                                List.of(
                                        event(person + "/1", conversation, person),
                                        event(person + "/2", conversation, null)),
                                SECRET.getBytes(StandardCharsets.UTF_8)),
                        TurnTiming.DEFAULT,
                        NOW);
        contacts.upsert(
                HOTEL,
                new ContactUpdate(Set.of(Identity.person(person)), null, "Joana Exemplo", null, Map.of(), true),
                NOW);
        database.mediaTexts().save(HOTEL, person, new MediaText.Read(SECRET), NOW);
        places.values().forEach(place -> place.add(person));
    }

    private static Event event(String id, ConversationId conversation, String person) {
        return new Event(
                id,
                HOTEL,
                conversation,
                person,
                "message.received",
                1,
                Map.of("text", SECRET),
                Event.Source.CUSTOMER,
                null,
                null,
                0,
                NOW);
    }

    private void nothingIsLeftOf(String person, ConversationId conversation, Erasure erasure) {
        Map<String, Object> export = erasure.export(HOTEL, person, true, "console");
        assertThat(export).doesNotContainKey("name");
        assertThat(export.get("messages")).isEqualTo(List.of());
        assertThat(export.get("commands")).isEqualTo(List.of());
        assertThat(export.get("events")).isEqualTo(List.of());
        assertThat(database.eventLog().query(EventQuery.of(conversation, 10)).events())
                .isEmpty();
        assertThat(database.mediaTexts().find(HOTEL, person)).isEmpty();
        assertThat(database.people(HOTEL)).doesNotContain(person);
        assertThat(places.values()).allSatisfy(place -> assertThat(place).doesNotContain(person));
        assertThat(contacts.isListed(HOTEL, ContactList.OPTED_OUT, Identity.person(person)))
                .as("and the opt-out holds")
                .isTrue();
        assertThat(new OptOuts(
                                database::personIn,
                                contacts,
                                new ErasedPeople(database.erasedConversations(), pseudonyms))
                        .test(conversation))
                .isTrue();
    }

    private Erasure erasure() {
        Map<String, ErasureTarget> elsewhere = new LinkedHashMap<>();
        elsewhere.put("media_cache", person -> {
            step();
            long removed = database.mediaTexts().forget(person.tenant());
            step();
            return removed;
        });
        places.forEach((place, people) -> elsewhere.put(place, person -> {
            step();
            long removed = person.identities().stream()
                    .filter(identity -> people.remove(identity.value()))
                    .count();
            step();
            return removed;
        }));
        return new Erasure(
                contacts,
                database.eventLog(),
                database,
                pseudonyms,
                new ErasedPeople(database.erasedConversations(), pseudonyms),
                elsewhere,
                Map.of(),
                new ErasureJournal(folder.resolve("erasures.jsonl")),
                new Audit(database.eventLog(), this::time),
                new Metrics(),
                tenant -> Duration.ZERO,
                this::time);
    }

    /** Looked at in every step: a good moment to die. */
    private Instant time() {
        step();
        return NOW;
    }

    private void step() {
        if (++steps == diesAt) {
            throw new Died();
        }
    }
}
