package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.HOTEL;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.Verification;
import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowStats;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a person who wants to be forgotten, and of everybody after a while. */
class PersonalDataTest {

    private static final String JOANA = "p:5511990000002";
    private static final String BRUNO = "p:5511990000003";
    private static final String SECRET = "meu-cachorro-Rex-e-alérgico";
    private static final TenantId OTHER = new TenantId("clinic");

    @TempDir
    Path folder;

    private Database database;
    private FlowStore store;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("p.db"));
        store = database.flowStore();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void not_a_byte_of_an_erased_person_is_left() throws IOException {
        everythingAbout(JOANA);

        Erased erased = database.erase(HOTEL, JOANA, NOW);
        database.checkpoint();

        assertThat(erased).isEqualTo(new Erased(5, 3, 7, 1));
        byte[] file = Files.readAllBytes(folder.resolve("p.db"));
        for (String trace : List.of(SECRET, JOANA, "5511990000002", "Joana")) {
            assertThat(contains(file, trace)).as(trace).isFalse();
        }
        assertThat(Files.size(folder.resolve("p.db-wal"))).isZero();
    }

    @Test
    void what_could_not_be_read_and_holds_the_number_goes_too() {
        var unread = new Event(
                "q1",
                HOTEL,
                null,
                null,
                "webhook.quarantined",
                1,
                Map.of("raw", "{\"phone\":\"+551190000002\""),
                Event.Source.SYSTEM,
                null,
                null,
                0,
                NOW);
        database.eventLog().append(List.of(unread));

        assertThat(database.erase(HOTEL, BRUNO, NOW).events()).isZero();
        assertThat(database.erase(HOTEL, JOANA, NOW).events()).isEqualTo(1);
    }

    @Test
    void a_person_sees_every_message_and_command_stored() {
        everythingAbout(JOANA);

        Map<String, Object> all = database.export(HOTEL, JOANA);

        assertThat(all.get("messages").toString()).contains(SECRET);
        assertThat((List<?>) all.get("commands")).hasSize(3);
        assertThat(database.export(OTHER, JOANA)).containsEntry("messages", List.of());
    }

    @Test
    void who_did_what_and_who_opted_out_is_kept_longer_than_what_was_said() {
        database.eventLog()
                .append(List.of(
                        happened("a", "operator.dead_letter_retried"),
                        happened("b", "contact.opted_out"),
                        happened("c", "turn.completed")));

        assertThat(expireAfter(91).events()).isEqualTo(1);
        assertThat(expireAfter(366).events()).isEqualTo(2);
    }

    private static Event happened(String id, String type) {
        return new Event(id, HOTEL, null, null, type, 1, Map.of("x", 1), Event.Source.PERSON, null, null, 0, NOW);
    }

    @Test
    void that_a_conversation_was_heard_of_outlasts_everything_in_it() {
        store.accept(message(conversation(1), 1, JOANA, SECRET), AT_ONCE, NOW);

        database.erase(HOTEL, JOANA, NOW);
        expireAfter(3_650);

        assertThat(database.knows(conversation(1))).isTrue();
        assertThat(database.knows(conversation(2))).isFalse();
        assertThat(database.knows(new ConversationId(OTHER, 1, 1))).isFalse();
    }

    @Test
    void erasing_again_finds_nothing() {
        everythingAbout(JOANA);
        database.erase(HOTEL, JOANA, NOW);

        assertThat(database.erase(HOTEL, JOANA, NOW)).isEqualTo(new Erased(0, 0, 0, 0));
    }

    @Test
    void the_chain_still_holds_and_others_are_untouched() {
        everythingAbout(JOANA);
        everythingAbout(BRUNO);
        store.accept(message(new ConversationId(OTHER, 1, 1), 77, JOANA, SECRET), AT_ONCE, NOW);
        long others = database.eventLog().query(of(HOTEL, BRUNO)).events().size();

        database.erase(HOTEL, JOANA, NOW);

        assertThat(database.eventArchive().verify(HOTEL)).isInstanceOf(Verification.Intact.class);
        assertThat(database.eventLog().query(of(HOTEL, BRUNO)).events()).hasSize((int) others);
        assertThat(database.eventLog().query(of(HOTEL, JOANA)).events()).isEmpty();
        assertThat(database.eventLog().query(of(OTHER, JOANA)).events()).hasSize(1);
        assertThat(database.contactStore().find(HOTEL, Identity.person(BRUNO))).isPresent();
        assertThat(store.deadLetters(HOTEL, 0, 10)).hasSize(1);
    }

    private static EventQuery of(TenantId tenant, String personKey) {
        return new EventQuery(tenant, null, personKey, null, null, null, 100, null);
    }

    @Test
    void nothing_is_said_to_an_erased_person_any_more() {
        ConversationId id = conversation(1);
        store.accept(message(id, 1, JOANA, SECRET), AT_ONCE, NOW);
        answer(turn(id), say("a"), say("b"));
        CommandAttempt begun = command(id);
        store.accept(message(id, 2, JOANA, SECRET), AT_ONCE, NOW);
        Turn inTheMaking = turn(id);
        assertThat(database.isCommand(id, "another-1")).isFalse();

        database.erase(HOTEL, JOANA, NOW);

        assertThat(database.isCommand(id, begun.key())).isTrue();

        assertThat(store.completeTurn(inTheMaking, result(say("c")), 2, NOW)).isEqualTo(TurnOutcome.LEASE_LOST);
        assertThat(store.completeCommand(begun, new CommandResult.Done("1"), NOW, 5, NOW))
                .isFalse();
        assertThat(store.stats(NOW)).isEqualTo(new FlowStats(0, 0, 0, null, 0, null, 0));
        assertThat(store.claimTurns(FreeWorkers.of(5), NOW.plus(LEASE), LEASE)).isEmpty();
        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(5), NOW.plus(LEASE), LEASE))
                .isEmpty();
        assertThat(store.nextTurnDue()).isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).isEmpty();
    }

    @Test
    void whoever_else_writes_there_is_still_answered() {
        ConversationId id = conversation(1);
        store.accept(message(id, 1, JOANA, SECRET), AT_ONCE, NOW);
        store.accept(message(id, 2, BRUNO, "e eu?"), AT_ONCE, NOW);

        database.erase(HOTEL, JOANA, NOW);

        assertThat(turn(id).messages()).extracting(each -> each.text()).containsExactly("e eu?");
    }

    @Test
    void a_second_delivery_of_an_erased_message_is_still_a_second_one() {
        store.accept(message(conversation(1), 1, JOANA, SECRET), AT_ONCE, NOW);
        database.erase(HOTEL, JOANA, NOW);

        assertThat(store.accept(message(conversation(1), 1, JOANA, SECRET), AT_ONCE, NOW))
                .isEqualTo(Acceptance.DUPLICATE);
    }

    @Test
    void many_messages_are_erased_in_small_steps() {
        for (int i = 1; i <= 600; i++) {
            store.accept(message(conversation(1), i, JOANA, SECRET), AT_ONCE, NOW);
        }

        assertThat(database.erase(HOTEL, JOANA, NOW).messages()).isEqualTo(600);
    }

    @Test
    void each_class_of_data_goes_after_its_time() {
        ConversationId id = everythingAbout(JOANA);
        database.mediaTexts().save(HOTEL, "a file", new MediaText.Read(SECRET), NOW);
        database.mediaTexts().save(HOTEL, "a later file", new MediaText.Read("later"), NOW.plus(Duration.ofDays(5)));

        assertThat(expireAfter(6)).isEqualTo(new Expired(0, 0, 0, 0, 0, 0));
        assertThat(expireAfter(8)).isEqualTo(new Expired(5, 0, 0, 0, 0, 0));
        assertThat(expireAfter(31)).isEqualTo(new Expired(0, 0, 1, 1, 8, 0));
        assertThat(database.mediaTexts().find(HOTEL, "a file")).isEmpty();
        assertThat(database.mediaTexts().find(HOTEL, "a later file")).isPresent();
        Expired last = expireAfter(91);

        assertThat(last).isEqualTo(new Expired(0, 4, 1, 1, 0, 7));
        assertThat(store.stats(NOW).waitingMessages())
                .as("what still waits is kept")
                .isEqualTo(1);
        assertThat(turn(id).messages()).hasSize(1);
        assertThat(database.eventArchive().verify(HOTEL)).isInstanceOf(Verification.Intact.class);
        assertThat(expireAfter(91)).isEqualTo(new Expired(0, 0, 0, 0, 0, 0));
    }

    @Test
    void what_became_too_old_since_the_last_night_goes_in_the_next() {
        everythingAbout(JOANA);
        assertThat(expireAfter(91).events()).isEqualTo(7);
        database.eventLog().append(List.of(at(NOW.plus(Duration.ofDays(1)), "message.received")));

        assertThat(expireAfter(92).events()).as("one event").isEqualTo(1);
        assertThat(expireAfter(92).events()).isZero();
    }

    @Test
    void an_older_event_that_came_late_goes_and_a_younger_one_before_it_is_not_passed_over() {
        database.eventLog()
                .append(List.of(
                        at(NOW.plus(Duration.ofDays(3)), "message.received"),
                        at(NOW, "operator.did"),
                        at(NOW, "message.received")));

        assertThat(expireAfter(91).events()).isEqualTo(1);
        assertThat(expireAfter(94).events()).isEqualTo(1);
        assertThat(expireAfter(366).events()).as("of the operator").isEqualTo(1);
    }

    @Test
    void a_tenant_that_begins_anew_has_nothing_expired() {
        database.eventLog().append(List.of(at(NOW, "message.received"), at(NOW, "message.received")));
        database.eventLog().append(List.of(at(NOW.plus(Duration.ofDays(9)), "message.received")));
        expireAfter(91);
        database.eraseTenant(HOTEL);
        database.eventLog().append(List.of(at(NOW, "message.received")));

        assertThat(expireAfter(91).events()).isEqualTo(1);
    }

    private static Event at(Instant instant, String type) {
        return new Event(
                Uuid7.at(instant),
                HOTEL,
                conversation(1),
                JOANA,
                type,
                1,
                Map.of("text", SECRET),
                Event.Source.CUSTOMER,
                null,
                null,
                0,
                instant);
    }

    @Test
    void the_tenants_of_whom_something_is_stored_are_told() {
        assertThat(database.tenants()).isEmpty();
        everythingAbout(JOANA);
        TenantId clinic = new TenantId("clinic");
        database.contactLists().add(clinic, ContactList.DENY, Identity.person(JOANA));

        assertThat(database.tenants()).containsExactly(clinic, HOTEL);

        database.eraseTenant(HOTEL);
        assertThat(database.tenants()).containsExactly(clinic);
    }

    @Test
    void who_wrote_in_a_conversation_before_they_were_erased_is_kept_as_hashes_only() {
        var conversation = new Identity(Identity.Kind.PSEUDONYM, "c1");
        var person = new Identity(Identity.Kind.PSEUDONYM, "p1");
        ErasedConversations erased = database.erasedConversations();
        erased.keep(HOTEL, conversation, person);
        erased.keep(HOTEL, conversation, person);

        assertThat(erased.people(HOTEL, conversation)).containsExactly(person);
        assertThat(erased.people(new TenantId("clinic"), conversation)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> erased.keep(HOTEL, conversation, Identity.person(JOANA)));
    }

    @Test
    void how_far_events_are_written_elsewhere_begins_at_the_end_and_never_goes_back() {
        EventMirrors mirrors = database.eventMirrors();
        assertThat(mirrors.position(new TenantId("clinic"))).isZero();
        everythingAbout(JOANA);
        long end = mirrors.position(HOTEL);
        assertThat(end).isPositive();

        mirrors.advance(HOTEL, end + 5);
        mirrors.advance(HOTEL, end + 3);

        assertThat(mirrors.position(HOTEL)).isEqualTo(end + 5);
    }

    private Expired expireAfter(int days) {
        return database.expire(HOTEL, Retention.DEFAULT, NOW.plus(Duration.ofDays(days)));
    }

    /** A contact, an answered message, one that waits, one of the people's, a done, a waiting and a dead command. */
    private ConversationId everythingAbout(String person) {
        ConversationId id = conversation(person.charAt(person.length() - 1));
        long first = id.number() * 10;
        database.contactStore()
                .upsert(
                        HOTEL,
                        new ContactUpdate(
                                Set.of(Identity.person(person)),
                                "+5511990000002",
                                "Joana",
                                null,
                                Map.of("pet", SECRET),
                                null),
                        NOW);
        store.accept(message(id, first + 1, person, SECRET), AT_ONCE, NOW);
        answer(turn(id), say(SECRET), say(SECRET), say(SECRET));
        store.completeCommand(command(id), new CommandResult.Done("1"), NOW, 5, NOW);
        store.completeCommand(command(id), new CommandResult.Refused("gone"), NOW, 5, NOW);
        store.accept(message(id, first + 2, person, SECRET), AT_ONCE, NOW);
        store.accept(message(id, first + 3, person, SECRET), AT_ONCE, NOW);
        answer(turn(id));
        store.accept(signal(id), AT_ONCE, NOW);
        store.accept(message(id, first + 3_000_000, person, SECRET), AT_ONCE, NOW);
        return id;
    }

    private static InboundEvent signal(ConversationId id) {
        var signal = new OwnershipSignal(Owner.BOT, NOW, null, "bot_command", false);
        Event observed = Arrivals.event(id, null, Map.of("text", "Oi Joana, " + SECRET));
        return new InboundEvent(
                id,
                "message_created",
                List.of(),
                null,
                signal,
                false,
                null,
                List.of(observed),
                ("Joana " + SECRET).getBytes(StandardCharsets.UTF_8));
    }

    private Turn turn(ConversationId conversation) {
        return store.claimTurns(FreeWorkers.of(10), NOW, LEASE).stream()
                .filter(each -> each.conversation().equals(conversation))
                .findFirst()
                .orElseThrow();
    }

    private CommandAttempt command(ConversationId conversation) {
        return store.claimCommands(Line.REPLIES, FreeWorkers.of(10), NOW, LEASE).stream()
                .filter(each -> each.conversation().equals(conversation))
                .findFirst()
                .orElseThrow();
    }

    private void answer(Turn turn, OutboundCommand... commands) {
        assertThat(store.completeTurn(turn, result(commands), 2, NOW)).isEqualTo(TurnOutcome.COMPLETED);
    }

    private static TurnResult result(OutboundCommand... commands) {
        return new TurnResult(List.of(commands), List.of(), null);
    }

    private static SendMessage say(String text) {
        return new SendMessage(text, null, Purpose.ANSWER);
    }

    private static boolean contains(byte[] file, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= file.length - wanted.length; i++) {
            int n = 0;
            while (n < wanted.length && file[i + n] == wanted[n]) {
                n++;
            }
            if (n == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
