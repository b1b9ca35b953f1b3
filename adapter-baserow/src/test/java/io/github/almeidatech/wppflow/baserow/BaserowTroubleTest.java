package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InMemoryFlowStore;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An outbox with changes of many people and rows, and a Baserow in every kind of trouble: afterwards each has exactly one
 * row, with the latest value. The clock is virtual. {@code -Dbaserow.trials=2000} makes more of them.
 */
class BaserowTroubleTest {

    private static final int TRIALS = Integer.getInteger("baserow.trials", 12);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final TurnTiming AT_ONCE = new TurnTiming(Duration.ZERO, Duration.ofSeconds(30), 20);
    private static final int MOST_ROUNDS = 5_000;

    private final Fixture fixture = new Fixture();
    private final BaserowTable people = fixture.baserow.table(
            "Clientes",
            BaserowField.text("phone"),
            BaserowField.text("name"),
            BaserowField.text("email"),
            BaserowField.longText("custom_fields"));
    private final BaserowTable visits = fixture.baserow.table(
            "Visitas", BaserowField.text("n"), BaserowField.text("text"), BaserowField.text("key"));
    private final Contacts contacts = Fixture.contacts();
    private final InMemoryFlowStore store = new InMemoryFlowStore(new InMemoryEventLog());
    private final BaserowClient client = fixture.client(Duration.ofMillis(300));
    private final BaserowContactMirror mirror = BaserowContactMirror.builder(
                    client, Fixture.TENANT, ContactTable.standard(people.id()), contacts, Fixture::phone)
            .clock(fixture.clock)
            .build();
    private final BaserowCommandSender sender = BaserowCommandSender.builder(client)
            .table(TableSettings.of("visits", visits.id()).withKeyColumn("key"))
            .clock(fixture.clock)
            .build();
    private int tries;
    private long lastMessage;

    /** What Baserow does to one request in three, until the trouble is over. */
    enum Trouble {
        DOWN(Fault.drop()),
        SERVER_ERROR(Fault.status(503)),
        TOO_MANY(Fault.rateLimited()),
        TOO_MANY_WITH_RETRY_AFTER(SimulatedBaserow.throttled(Duration.ofSeconds(29))),
        DEADLOCK(SimulatedBaserow.deadlock()),
        ERROR_AFTER_DOING(Fault.status(500).afterDoing()),
        DROPPED_AFTER_DOING(Fault.drop().afterDoing()),
        CUT_ANSWER(Fault.cut()),
        GARBAGE_AFTER_DOING(Fault.garbage().afterDoing()),
        SHOWN_LATER(Fault.hidden(Duration.ofMillis(1)));

        private final Fault fault;

        Trouble(Fault fault) {
            this.fault = fault;
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_lost_and_nothing_doubled(Trouble trouble) {
        var random = new Random(7);
        fixture.baserow.faults().always(request -> random.nextInt(3) == 0, trouble.fault);
        for (int i = 1; i <= TRIALS; i++) {
            remember(i);
            plan(i, new WriteRow("visits", Map.of("n", "v" + i), Map.of("text", "first")));
            plan(i, new WriteRow("visits", Map.of(), Map.of("n", "once " + i)));
        }
        carryOut(2);
        push(2);
        for (int i = 1; i <= TRIALS; i++) {
            change(i, ContactPatch.builder().name("Ana " + i + " Prado").customField("pet", "Rex"));
            change(i, ContactPatch.builder().email("ana" + i + "@example.com"));
            plan(i, new WriteRow("visits", Map.of("n", "v" + i), Map.of("text", "last")));
        }
        carryOut(20);
        push(20);
        fixture.baserow.faults().clear();

        carryOut(MOST_ROUNDS);
        push(MOST_ROUNDS);

        assertThat(store.stats(fixture.clock.instant()).waitingRecords()).isZero();
        assertThat(store.stats(fixture.clock.instant()).deadLetters()).isZero();
        assertThat(contacts.copyBacklog(Fixture.TENANT).contacts()).isZero();
        Map<String, JsonNode> byPhone = byColumn(people, "phone");
        Map<String, JsonNode> byNumber = byColumn(visits, "n");
        assertThat(byPhone).hasSize(TRIALS);
        assertThat(byNumber).hasSize(2 * TRIALS);
        for (int i = 1; i <= TRIALS; i++) {
            JsonNode row = byPhone.get(phone(i));
            assertThat(row.path("name").asText()).isEqualTo("Ana " + i + " Prado");
            assertThat(row.path("email").asText()).isEqualTo("ana" + i + "@example.com");
            assertThat(row.path("custom_fields").asText()).contains("Rex");
            assertThat(byNumber.get("v" + i).path("text").asText()).isEqualTo("last");
        }
        if (Integer.getInteger("baserow.trials") != null) {
            System.out.printf(
                    "%s: %d rows, %d changes, %d tries, %d requests, %d of them in trouble: 0 lost, 0 doubled%n",
                    trouble,
                    3 * TRIALS,
                    6 * TRIALS,
                    tries,
                    fixture.baserow.requests().size(),
                    fixture.baserow.faults().struck());
        }
    }

    private void remember(int i) {
        contacts.upsert(
                Fixture.TENANT,
                new ContactUpdate(Set.of(Identity.person(person(i))), phone(i), "Ana " + i, null, Map.of(), null),
                fixture.clock.instant());
    }

    private void change(int i, ContactPatch.Builder patch) {
        Contact contact = contacts.findPerson(Fixture.TENANT, person(i)).orElseThrow();
        contacts.patch(Fixture.TENANT, contact.id(), patch.build(), fixture.clock.instant());
    }

    /** Writes contacts, with a second between the rounds. */
    private void push(int rounds) {
        for (int i = 0; i < rounds && contacts.copyBacklog(Fixture.TENANT).contacts() > 0; i++) {
            fixture.clock.advance(Duration.ofSeconds(1));
            tries++;
            try {
                mirror.push();
            } catch (BaserowException e) {
                // It goes on in the next round.
            }
        }
    }

    private static String phone(int i) {
        return "+55119" + (10_000_000 + i);
    }

    private static String person(int i) {
        return Fixture.phone(phone(i)).orElseThrow().personKey();
    }

    /** A turn of that conversation that leaves one command. */
    private void plan(int conversation, OutboundCommand command) {
        Instant now = fixture.clock.instant();
        var id = new ConversationId(Fixture.TENANT, 1, conversation);
        long message = ++lastMessage;
        store.accept(
                new InboundEvent(
                        id,
                        "message_created",
                        List.of("m:" + message),
                        new InboundMessage(
                                id, message, 3L, now, ContentType.TEXT, "oi", List.of(), Sender.UNKNOWN, null),
                        null,
                        false,
                        null,
                        List.of(),
                        new byte[0]),
                AT_ONCE,
                now);
        store.claimTurns(FreeWorkers.of(1), now, LEASE)
                .forEach(turn -> store.completeTurn(turn, new TurnResult(List.of(command), List.of(), null), 2, now));
    }

    private void carryOut(int rounds) {
        for (int i = 0; i < rounds && store.nextCommandDue(Line.RECORDS).isPresent(); i++) {
            Instant due = store.nextCommandDue(Line.RECORDS).orElseThrow();
            if (due.isAfter(fixture.clock.instant())) {
                fixture.clock.advance(Duration.between(fixture.clock.instant(), due));
            }
            for (CommandAttempt attempt :
                    store.claimCommands(Line.RECORDS, FreeWorkers.of(50), fixture.clock.instant(), LEASE)) {
                tries++;
                CommandResult result = sender.send(attempt);
                Instant again = fixture.clock.instant().plus(waitOf(result));
                store.completeCommand(attempt, result, again, 1_000, fixture.clock.instant());
            }
        }
    }

    private static Duration waitOf(CommandResult result) {
        Duration asked = result instanceof CommandResult.NotDone later
                ? later.after()
                : result instanceof CommandResult.Unclear unclear ? unclear.after() : null;
        return asked == null || asked.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : asked;
    }

    private static Map<String, JsonNode> byColumn(BaserowTable table, String column) {
        var rows = new HashMap<String, JsonNode>();
        for (JsonNode row : table.rows()) {
            JsonNode before = rows.put(row.path(column).asText(), row);
            assertThat(before).as("two rows for %s", row.path(column)).isNull();
        }
        return rows;
    }
}
