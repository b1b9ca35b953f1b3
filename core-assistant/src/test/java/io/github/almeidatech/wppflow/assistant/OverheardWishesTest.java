package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a customer wants of automatic messages counts, whoever has the conversation. */
class OverheardWishesTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final ConversationId CONVERSATION = new ConversationId(HOTEL, 1, 7);
    private static final String JOANA = "+5511990000002";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final AssistantSettings SETTINGS = AssistantSettings.builder(
                    new Phrases("Hotel Patas", Map.of()), Router.builder().build())
            .build();

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final Contacts contacts =
            new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
    private final List<Event> shown = new ArrayList<>();
    private boolean served = true;
    private long next = 100;
    private final OverheardWishes wishes = new OverheardWishes(
            (events, now) -> {
                shown.addAll(events);
                return PolicyPlan.NOTHING;
            },
            log,
            contacts,
            tenant -> served ? Optional.of(SETTINGS) : Optional.empty());

    @Test
    void an_opt_out_written_to_a_person_is_noted_at_the_contact_and_as_an_event() {
        knownContact();

        silenced(written("pare de me mandar mensagem"));

        assertThat(isOptedOut()).isTrue();
        assertThat(noted()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("contact.opted_out");
            assertThat(event.source()).isEqualTo(Event.Source.CUSTOMER);
            assertThat(event.conversation()).isEqualTo(CONVERSATION);
            assertThat(event.personKey()).isEqualTo(JOANA);
            assertThat(event.causeId()).isEqualTo("m100");
        });
        assertThat(shown).extracting(Event::type).containsExactly("turn.silenced");
    }

    @Test
    void opting_in_again_is_heard_too_by_its_few_words_only() {
        knownContact();
        silenced(written("pare de me mandar mensagem"));

        silenced(written("quanto custa voltar?"));
        assertThat(isOptedOut()).isTrue();
        silenced(written("Voltar, por favor!"));

        assertThat(isOptedOut()).isFalse();
        assertThat(noted()).extracting(Event::type).containsExactly("contact.opted_in", "contact.opted_out");
    }

    @Test
    void a_word_that_may_answer_a_persons_question_is_no_opt_out_but_the_known_ones_are() {
        silenced(written("remover"));
        assertThat(isOptedOut()).isFalse();

        silenced(written("SAIR!"));

        assertThat(isOptedOut()).isTrue();
    }

    @Test
    void of_several_messages_the_last_counts() {
        silenced(written("parar"), written("voltar"));

        assertThat(isOptedOut()).isFalse();
        assertThat(noted()).hasSize(2);
    }

    @Test
    void somebody_nothing_is_known_of_has_opted_out_when_they_are_known() {
        silenced(written("parar"));

        assertThat(isOptedOut()).isTrue();
        knownContact();
        assertThat(isOptedOut()).isTrue();
    }

    @Test
    void a_turn_that_ended_without_being_understood_is_listened_to_as_well_and_one_that_was_is_not() {
        long understood = written("parar");
        wishes.decide(
                List.of(event("t1", "turn.completed", Map.of("message_ids", List.of(understood), "intent", "general"))),
                NOW);
        assertThat(isOptedOut()).isFalse();

        long unheard = written("parar");
        wishes.decide(
                List.of(event("t2", "turn.completed", Map.of("message_ids", List.of(unheard), "reason", "bot_off"))),
                NOW);

        assertThat(isOptedOut()).isTrue();
    }

    @Test
    void hearing_it_again_changes_nothing() {
        Event silence = silence(written("parar"));

        wishes.decide(List.of(silence), NOW);
        wishes.decide(List.of(silence), NOW.plusSeconds(1));

        assertThat(noted()).hasSize(1);
        assertThat(isOptedOut()).isTrue();
    }

    @Test
    void what_a_crash_has_cut_off_is_noted_once() {
        Event silence = silence(written("parar"));
        wishes.decide(List.of(silence), NOW);
        contacts.delist(HOTEL, ContactList.OPTED_OUT, Identity.person(JOANA), NOW); // as if it had died before

        wishes.decide(List.of(silence), NOW.plusSeconds(60));

        assertThat(isOptedOut()).isTrue();
        assertThat(noted()).hasSize(1);
    }

    @Test
    void anything_else_and_anybody_else_is_left_alone() {
        silenced(written("quero falar com a Ana sobre o banho"));
        silenced();
        wishes.decide(
                List.of(
                        FlowEvents.turnSilenced(
                                CONVERSATION, null, "human_owned", Owner.HUMAN, List.of(100L), "c", NOW),
                        event("x1", "order.paid", Map.of()),
                        event("x2", "turn.silenced", Map.of("message_ids", "100"))),
                NOW);
        served = false;
        silenced(written("parar"));

        assertThat(isOptedOut()).isFalse();
        assertThat(noted()).isEmpty();
        assertThat(shown).hasSize(6);
    }

    @Test
    void what_cannot_be_stored_now_is_not_passed_over() {
        var broken = new OverheardWishes((events, now) -> PolicyPlan.NOTHING, log, contacts, tenant -> {
            throw new IllegalStateException("the store is away");
        });

        assertThatThrownBy(() -> broken.decide(List.of(silence(written("parar"))), NOW))
                .isInstanceOf(IllegalStateException.class);
    }

    private void knownContact() {
        contacts.upsert(
                HOTEL, new ContactUpdate(Set.of(Identity.person(JOANA)), null, "Joana", null, Map.of(), null), NOW);
    }

    private boolean isOptedOut() {
        return contacts.isListed(HOTEL, ContactList.OPTED_OUT, Identity.person(JOANA));
    }

    private List<Event> noted() {
        return log.query(new EventQuery(HOTEL, CONVERSATION, null, "contact.*", null, null, 100, null))
                .events();
    }

    private long written(String text) {
        long id = next++;
        log.append(List.of(event("m" + id, "message.received", Map.of("message_id", id, "text", text))));
        return id;
    }

    private void silenced(Long... messages) {
        wishes.decide(List.of(silence(messages)), NOW);
    }

    private static Event silence(Long... messages) {
        return FlowEvents.turnSilenced(CONVERSATION, JOANA, "human_owned", Owner.HUMAN, List.of(messages), "c", NOW);
    }

    private static Event event(String id, String type, Map<String, Object> payload) {
        return new Event(id, HOTEL, CONVERSATION, JOANA, type, 1, payload, Event.Source.CUSTOMER, null, null, 0, NOW);
    }
}
