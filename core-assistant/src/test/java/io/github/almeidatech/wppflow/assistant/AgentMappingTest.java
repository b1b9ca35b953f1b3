package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.Talk.payload;
import static io.github.almeidatech.wppflow.assistant.Talk.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.router.BusinessHours;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Router.RouteSettings;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who answers, under which name, whom a handoff goes to, and what is said while people are away. */
class AgentMappingTest {

    private static final String PRICE = "Quanto custa a diária para o meu cachorro?";
    private static final String UNKNOWN = "vocês vendem aquário de 200 litros?";
    private static final Router PLAIN = Router.builder().build();
    private static final BusinessHours WEEKDAYS = weekdays();

    @Test
    void the_people_of_an_intent_are_called_one_after_the_other() {
        var talk = new Talk(assigning(List.of(7L, 8L, 9L)), UnaryOperator.identity());

        var called = new ArrayList<Long>();
        for (int conversation = 1; conversation <= 4; conversation++) {
            called.add(assigned(talk.hear(conversation, PRICE)).agentId());
        }

        assertThat(called).containsExactly(7L, 8L, 9L, 7L);
    }

    @Test
    void who_is_not_there_is_passed_over_and_when_nobody_is_the_next_one_is_called_anyway() {
        var talk = new Talk(assigning(List.of(7L, 8L, 9L)), UnaryOperator.identity());
        talk.availability.set((tenant, agents) -> Set.of(8L, 9L));

        assertThat(assigned(talk.hear(1, PRICE)).agentId()).isEqualTo(8L);
        assertThat(assigned(talk.hear(2, PRICE)).agentId()).isEqualTo(9L);
        assertThat(assigned(talk.hear(3, PRICE)).agentId()).isEqualTo(8L);

        talk.availability.set((tenant, agents) -> Set.of());
        assertThat(assigned(talk.hear(4, PRICE)).agentId()).isEqualTo(9L);
    }

    @Test
    void whose_turn_it_is_survives_a_restart_because_it_stands_in_the_event_log() {
        var before = new Talk(assigning(List.of(7L, 8L)), UnaryOperator.identity());
        before.hear(1, PRICE);
        var after = new Talk(assigning(List.of(7L, 8L)), UnaryOperator.identity());
        after.events.append(before.events.query(EventQuery.of(Talk.TENANT, 100)).events());

        assertThat(assigned(after.hear(2, PRICE))).isEqualTo(new Assign(8L, 3L));
    }

    @Test
    void a_wish_for_a_person_goes_to_the_people_of_what_the_conversation_is_about() {
        Router router = Router.builder()
                .autoAssign(true)
                .route("sales", new RouteSettings(Mode.AUTO, null, 3L, List.of(), List.of()))
                .build();
        var talk = new Talk(router, settings -> settings.handoffTo(1L, null));
        talk.hear(1, PRICE);

        TurnResult result = talk.hear(1, "quero falar com uma pessoa");

        assertThat(assigned(result)).isEqualTo(new Assign(null, 3L));
    }

    @Test
    void a_change_of_topic_changes_the_bots_label() {
        var talk = new Talk(PLAIN, UnaryOperator.identity());
        talk.hear(1, PRICE);

        TurnResult result = talk.hear(1, "quero marcar um horário pra sábado, tem vaga?");

        assertThat(result.commands())
                .filteredOn(ChangeLabels.class::isInstance)
                .singleElement()
                .isEqualTo(new ChangeLabels(
                        List.of("humano", "intencao_appointment", "agent_agenda"), List.of("agent_vendas")));
    }

    @Test
    void the_bot_of_an_intent_introduces_itself_by_its_name() {
        Map<String, Persona> personas = Map.of("vendas", new Persona("Bia", ""));
        var talk = new Talk(PLAIN, settings -> settings.personas(personas));

        assertThat(said(talk.hear(1, PRICE)))
                .startsWith("Oi! Aqui é Bia, assistente virtual de Hotel Patas.")
                .contains("R$ 95");
        assertThat(said(talk.hear(2, "bom dia"))).startsWith("Oi! Aqui é o assistente virtual de Hotel Patas.");
    }

    @Test
    void a_model_is_told_the_bots_name_and_its_tone_before_the_businesss() {
        var styles = new ArrayList<AnswerWriter.Style>();
        AnswerWriter writer = request -> {
            styles.add(request.style());
            return Optional.empty();
        };
        var talk = new Talk(
                PLAIN,
                settings -> settings.personas(Map.of("vendas", new Persona("Bia", "animada")))
                        .style(new AnswerWriter.Style("Hotel Patas", "sóbrio", false, 500)),
                writer);

        talk.hear(1, PRICE);
        talk.hear(2, "posso marcar a diária do cachorro pra amanhã?");

        assertThat(styles)
                .contains(new AnswerWriter.Style("Hotel Patas", "animada", false, 500, "Bia"))
                .anySatisfy(style -> assertThat(style.tone()).isEqualTo("sóbrio"));
    }

    @Test
    void the_model_that_tells_intents_apart_is_told_what_is_known_of_the_contact() {
        var seen = new ArrayList<Map<String, String>>();
        Router router = Router.builder()
                .model((utterance, offline, intents) -> {
                    seen.add(utterance.contact());
                    return Optional.empty();
                })
                .askModelBelow(2)
                .build();
        var talk = new Talk(router, UnaryOperator.identity());
        talk.hear(1, PRICE);
        var contact = talk.contacts.findPerson(Talk.TENANT, Talk.personKey(1)).orElseThrow();
        talk.contacts.patch(
                Talk.TENANT,
                contact.id(),
                ContactPatch.builder().customField("plano", "mensal").build(),
                talk.clock.get());

        talk.hear(1, "e pro gato?");

        assertThat(seen).containsExactly(Map.of(), Map.of("plano", "mensal"));
    }

    @Test
    void while_people_are_away_a_handoff_says_when_they_are_back() {
        var talk = new Talk(PLAIN, settings -> settings.hours(WEEKDAYS));
        talk.clock.set(Instant.parse("2026-09-05T15:00:00Z")); // a Saturday; Monday is Independence Day

        TurnResult unknown = talk.hear(1, UNKNOWN);
        TurnResult urgent = talk.hear(2, "urgente, meu cachorro está passando muito mal");
        TurnResult failed = talk.giveUp(3, PRICE);
        TurnResult answered = talk.hear(4, PRICE);

        assertThat(said(unknown)).endsWith("para a equipe, que volta terça às 8h.");
        assertThat(said(urgent)).contains("urgente e já avisei a equipe", "voltamos terça às 8h");
        assertThat(said(failed)).contains("volta terça às 8h");
        assertThat(said(answered)).contains("R$ 95").doesNotContain("volta");
        assertThat(payload(unknown, "turn.completed")).containsEntry("reason", "no_answer");
    }

    @ParameterizedTest
    @CsvSource({
        "2027-02-08T14:00:00Z, quarta às 8h", // Carnival Monday
        "2027-02-09T23:30:00Z, amanhã às 8h", // the night of Carnival Tuesday
        "2027-05-27T12:00:00Z, amanhã às 8h", // Corpus Christi
        "2027-03-26T12:00:00Z, segunda às 8h", // Good Friday
        "2026-12-25T12:00:00Z, segunda às 8h", // Christmas, a Friday
        "2026-12-31T22:00:00Z, segunda às 8h", // New Year's Eve at night; the first is a Friday
        "2026-11-20T12:00:00Z, segunda às 8h" // Consciência Negra, a Friday
    })
    void across_holidays_that_move_and_those_that_do_not_the_next_opening_is_told(Instant at, String back) {
        var talk = new Talk(PLAIN, settings -> settings.hours(WEEKDAYS));
        talk.clock.set(at);

        assertThat(said(talk.hear(1, UNKNOWN))).endsWith("volta " + back + ".");
        assertThat(said(talk.hear(2, PRICE))).contains("R$ 95");
    }

    @Test
    void when_people_are_back_is_said_as_one_says_it() {
        var talk = new Talk(PLAIN, settings -> settings.hours(WEEKDAYS));

        talk.clock.set(Instant.parse("2026-09-01T10:00:00Z"));
        assertThat(said(talk.hear(1, UNKNOWN))).endsWith("volta hoje às 8h.");
        talk.clock.set(Instant.parse("2026-09-01T15:10:00Z"));
        assertThat(said(talk.hear(2, UNKNOWN))).endsWith("volta hoje às 13h30.");
        talk.clock.set(Instant.parse("2026-09-01T22:00:00Z"));
        assertThat(said(talk.hear(3, UNKNOWN))).endsWith("volta amanhã às 8h.");
        assertThat(said(talk.hear(4, "do you sell aquariums?"))).endsWith("back tomorrow at 8:00.");
        assertThat(said(talk.hear(5, "¿ustedes venden peceras de doscientos litros?")))
                .endsWith("vuelve mañana a las 8:00.");
        assertThat(said(talk.hear(6, "do you have a swimming pool for people?")))
                .contains("back tomorrow");
    }

    @Test
    void a_business_that_never_opens_is_back_soon() {
        BusinessHours never = BusinessHours.in(ZoneId.of("America/Sao_Paulo")).build();
        var talk = new Talk(PLAIN, settings -> settings.hours(never));

        assertThat(said(talk.hear(1, UNKNOWN))).endsWith("volta em breve.");
        assertThat(said(talk.hear(2, "do you sell aquariums?"))).endsWith("back soon.");
        assertThat(said(talk.hear(3, "¿ustedes venden peceras de doscientos litros?")))
                .endsWith("vuelve pronto.");
    }

    @Test
    void a_bot_that_works_only_while_people_are_away_leaves_the_rest_to_them() {
        var talk = new Talk(PLAIN, settings -> settings.hours(WEEKDAYS).duty(Duty.CLOSED));

        TurnResult open = talk.hear(1, PRICE);
        talk.clock.set(Instant.parse("2026-09-02T00:00:00Z"));
        TurnResult closed = talk.hear(2, PRICE);

        assertThat(payload(open, "turn.completed")).containsEntry("reason", "off_hours");
        assertThat(said(closed)).contains("R$ 95");
    }

    @Test
    void a_bot_that_works_only_during_business_hours_still_hears_an_opt_out_and_an_emergency() {
        var talk = new Talk(PLAIN, settings -> settings.hours(WEEKDAYS).duty(Duty.OPEN));
        TurnResult open = talk.hear(1, PRICE);
        talk.clock.set(Instant.parse("2026-09-02T00:00:00Z"));

        assertThat(said(open)).contains("R$ 95");
        assertThat(payload(talk.hear(2, PRICE), "turn.completed")).containsEntry("reason", "off_hours");
        assertThat(payload(talk.hear(3, "parem de me mandar mensagem"), "turn.completed"))
                .containsEntry("reason", "opted_out");
        assertThat(payload(talk.hear(4, "urgente, meu cachorro está convulsionando"), "turn.completed"))
                .containsEntry("reason", "urgent");
    }

    @Test
    void a_question_without_an_answer_is_kept_for_the_owner() {
        var talk = new Talk(PLAIN, UnaryOperator.identity());

        assertThat(payload(talk.hear(1, UNKNOWN), "knowledge.unanswered"))
                .containsEntry("question", UNKNOWN)
                .containsEntry("language", "pt-BR");
        assertThat(payload(talk.hear(2, PRICE), "knowledge.unanswered")).isEmpty();
    }

    private static Router assigning(List<Long> agents) {
        return Router.builder()
                .autoAssign(true)
                .route("sales", new RouteSettings(Mode.OFF, null, 3L, agents, List.of()))
                .build();
    }

    private static Assign assigned(TurnResult result) {
        return result.commands().stream()
                .filter(Assign.class::isInstance)
                .map(Assign.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static BusinessHours weekdays() {
        BusinessHours.Builder hours = BusinessHours.in(ZoneId.of("America/Sao_Paulo"));
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.getValue() <= 5) {
                hours.open(day, LocalTime.of(8, 0), LocalTime.of(12, 0));
                hours.open(day, LocalTime.of(13, 30), LocalTime.of(18, 0));
            }
        }
        return hours.build();
    }
}
