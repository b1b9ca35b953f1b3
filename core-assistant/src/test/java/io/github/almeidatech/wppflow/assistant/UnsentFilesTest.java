package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.eventlog.PlannedCommand;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A file that could not be sent is known to the team, and no customer waits for it in silence. */
class UnsentFilesTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final ConversationId CONVERSATION = new ConversationId(HOTEL, 1, 7);
    private static final String JOANA = "p:5511990000002";
    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final String URL = "https://files.example/2026/tabela.pdf?key=abc#1";
    private static final AddPrivateNote NOTE =
            new AddPrivateNote("📎 Arquivo não enviado ao cliente: tabela.pdf (file_not_found)");
    private static final SendMessage SORRY = new SendMessage(
            "Não consegui enviar o arquivo agora. Se precisar dele, é só pedir para falar com uma pessoa da equipe.",
            null,
            Purpose.ANSWER);

    private static final AssistantSettings SETTINGS = AssistantSettings.builder(
                    new Phrases("Hotel Patas", Map.of()), Router.builder().build())
            .build();

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final Contacts contacts =
            new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
    private PolicyPlan wanted = PolicyPlan.NOTHING;
    private boolean served = true;
    private int events;
    private final UnsentFiles files = new UnsentFiles(
            (events, now) -> wanted, log, contacts, tenant -> served ? Optional.of(SETTINGS) : Optional.empty());

    @Test
    void the_team_finds_a_note_of_its_name_and_the_reason_and_the_customer_is_told() {
        PolicyPlan plan = files.decide(List.of(unsent("file_not_found")), NOW);

        assertThat(plan.commands()).containsExactly(NOTE, SORRY);
        assertThat(plan.planned()).extracting(PlannedCommand::firingId).containsOnly("unsent-1");
        assertThat(plan.ownership()).isNull();
    }

    @Test
    void of_several_files_of_one_answer_the_customer_is_told_once_and_of_another_answers_again() {
        Event first = unsent("file_not_found");
        Event second = unsent("file_not_found");
        Event other = unsent("file_not_found", "another turn");
        log.append(List.of(first, second, other));

        assertThat(files.decide(List.of(second), NOW).commands()).containsExactly(NOTE);
        assertThat(files.decide(List.of(first), NOW).commands()).containsExactly(NOTE, SORRY);
        assertThat(files.decide(List.of(other), NOW).commands()).containsExactly(NOTE, SORRY);
    }

    @Test
    void who_wants_no_automatic_messages_gets_none_about_it() {
        contacts.enlist(HOTEL, ContactList.OPTED_OUT, Identity.person(JOANA), NOW);

        assertThat(files.decide(List.of(unsent("file_not_found")), NOW).commands())
                .containsExactly(NOTE);
    }

    @Test
    void a_policy_that_calls_a_person_is_left_to_do_it() {
        var own = new SendMessage("Já chamo a Bia.", null, Purpose.HANDOFF);
        var handoff = new OwnershipSignal(Owner.HUMAN, NOW, null, "policy_handoff", false);
        wanted = new PolicyPlan(List.of(new PlannedCommand("firing", own)), List.of(), handoff, List.of());

        PolicyPlan plan = files.decide(List.of(unsent("file_not_found")), NOW);

        assertThat(plan.commands()).containsExactly(NOTE, own);
        assertThat(plan.ownership()).isEqualTo(handoff);
    }

    @Test
    void what_holds_for_words_too_is_no_matter_of_files() {
        for (Event event : List.of(
                unsent("outside_window"),
                dead(new SendMessage("Oi", null, Purpose.ANSWER), "file_not_found", "turn"),
                event(FlowEvents.COMMAND_HELD_BACK, Map.of("file", "a.pdf", "reason", "file_not_found"), "turn"))) {
            assertThat(files.decide(List.of(event), NOW)).isEqualTo(PolicyPlan.NOTHING);
        }
    }

    @Test
    void of_a_tenant_that_is_not_served_nobody_is_told() {
        served = false;

        assertThat(files.decide(List.of(unsent("file_not_found")), NOW)).isEqualTo(PolicyPlan.NOTHING);
    }

    private Event unsent(String reason) {
        return unsent(reason, "turn");
    }

    private Event unsent(String reason, String turn) {
        return dead(new SendAttachment(URL, "A tabela", Purpose.ANSWER), reason, turn);
    }

    private Event dead(OutboundCommand command, String reason, String turn) {
        Event dead = FlowEvents.commandDeadLettered(CONVERSATION, JOANA, turn, turn + "-1", command, reason, NOW);
        return event(FlowEvents.COMMAND_DEAD_LETTERED, dead.payload(), turn);
    }

    private Event event(String type, Map<String, Object> payload, String turn) {
        return new Event(
                "unsent-" + ++events,
                HOTEL,
                CONVERSATION,
                JOANA,
                type,
                1,
                payload,
                Event.Source.SYSTEM,
                null,
                turn,
                0,
                NOW);
    }
}
