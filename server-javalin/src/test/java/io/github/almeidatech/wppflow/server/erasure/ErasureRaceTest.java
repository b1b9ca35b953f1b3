package io.github.almeidatech.wppflow.server.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.baserow.BaserowClient;
import io.github.almeidatech.wppflow.baserow.BaserowContactMirror;
import io.github.almeidatech.wppflow.baserow.BaserowException;
import io.github.almeidatech.wppflow.baserow.ContactColumn;
import io.github.almeidatech.wppflow.baserow.ContactPhone;
import io.github.almeidatech.wppflow.baserow.ContactTable;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.ErasureRequest;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody is erased while their row in Baserow is being made: they must not come back with it. */
class ErasureRaceTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final String ANA = "+5561981234567";
    private static final String KEY = ANA;
    private static final Duration SETTLE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final SimulatedBaserow baserow = SimulatedBaserow.start(clock);
    private final BaserowTable table = baserow.table(
            "Contatos", BaserowField.text("phone"), BaserowField.text("person_key"), BaserowField.text("name"));
    private final Pseudonyms pseudonyms = new Pseudonyms(new byte[32]);
    private Database database;
    private Contacts contacts;
    private BaserowContactMirror mirror;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("h.db"));
        contacts = new Contacts(database.contactStore(HOTEL::equals), database.contactLists(), pseudonyms);
        mirror = mirror();
        contacts.remember(
                new ConversationId(HOTEL, 1, 88), new Sender(7L, "Ana Exemplo", null, ANA, KEY), clock.instant());
    }

    @AfterEach
    void close() {
        database.close();
        baserow.close();
    }

    private BaserowContactMirror mirror() {
        return BaserowContactMirror.builder(
                        BaserowClient.builder(new OkHttpClient(), baserow.baseUrl(), baserow.token())
                                .clock(clock)
                                .build(),
                        HOTEL,
                        ContactTable.of(table.id(), ContactColumn.PHONE, ContactColumn.KEY, ContactColumn.NAME),
                        contacts,
                        written -> Optional.of(new ContactPhone(written, written, Set.of(written))))
                .settleTime(SETTLE)
                .clock(clock)
                .build();
    }

    /** As after a start: nothing is known but what is on disk. */
    private Erasure erasure() {
        return new Erasure(
                contacts,
                database.eventLog(),
                database,
                pseudonyms,
                new ErasedPeople(database.erasedConversations(), pseudonyms),
                Map.of(Erasure.ROWS, person -> mirror.erase(person)),
                Map.of(),
                new ErasureJournal(null),
                new Audit(database.eventLog(), clock),
                new Metrics(),
                tenant -> BaserowContactMirror.longestWriting(SETTLE),
                clock);
    }

    private ErasureRequest erase() {
        return erasure().erase(HOTEL, KEY, false, "console");
    }

    private ErasureRequest request() {
        return erasure().list(HOTEL, 1).get(0);
    }

    private boolean isStored() {
        return contacts.findPerson(HOTEL, KEY).isPresent();
    }

    /** As Baserow does what it was asked for, though nobody was told. */
    private void theRowAppears() {
        table.add(Map.of("phone", ANA, "person_key", KEY, "name", "Ana Exemplo"));
    }

    @Test
    void a_row_that_appears_after_the_erasure_is_looked_for_until_it_can_appear_no_more() {
        contacts.claimCopy(HOTEL, clock.instant(), BaserowContactMirror.longestWriting(SETTLE));

        assertThat(erase().problem()).isEqualTo(Erasure.ROW_UNDERWAY);
        theRowAppears();
        mirror.pull();
        assertThat(isStored()).as("what a row says is believed for now").isTrue();
        erasure().resume();
        assertThat(isStored()).isFalse();
        assertThat(table.rows()).isEmpty();
        assertThat(request().finishedAt()).as("another may appear").isNull();
        theRowAppears();
        clock.advance(Duration.ofMinutes(3));
        mirror = mirror();
        mirror.pull();
        erasure().resume();

        assertThat(request().finishedAt()).isEqualTo(clock.instant());
        assertThat(request().receipt()).containsEntry("rows", 2L);
        mirror.pull();
        assertThat(isStored()).isFalse();
        assertThat(table.rows()).isEmpty();
    }

    @Test
    void a_try_to_make_a_row_whose_result_is_not_known_counts_as_one_under_way() {
        baserow.faults()
                .next(1, asked -> asked.method().equals("POST"), Fault.drop().afterDoing());
        assertThatThrownBy(() -> mirror.push()).isInstanceOf(BaserowException.class);
        assertThat(table.rows()).hasSize(1);

        ErasureRequest erased = erase();

        assertThat(erased.problem()).isEqualTo(Erasure.ROW_UNDERWAY);
        clock.advance(Duration.ofMinutes(3));
        erasure().resume();
        assertThat(request().finishedAt()).isNotNull();
        assertThat(table.rows()).isEmpty();
    }

    @Test
    void who_has_no_row_under_way_is_erased_at_once_and_may_be_written_into_the_table_again() {
        mirror.push();

        ErasureRequest erased = erase();

        assertThat(erased.finishedAt()).isEqualTo(clock.instant());
        assertThat(erased.receipt()).containsEntry("rows", 1L);
        assertThat(table.rows()).isEmpty();
        theRowAppears(); // people know her again
        mirror.pull();
        clock.advance(Duration.ofMinutes(10));
        erasure().resume();
        assertThat(isStored()).isTrue();
    }

    @Test
    void a_crash_in_the_middle_forgets_nothing() {
        contacts.claimCopy(HOTEL, clock.instant(), BaserowContactMirror.longestWriting(SETTLE));
        Contact ana = contacts.findPerson(HOTEL, KEY).orElseThrow();
        var begun = new ErasureRequest(
                "01a21371-11ae-7000-8000-000000000001",
                HOTEL,
                erasure().pseudonym(HOTEL, KEY),
                Set.of(Identity.person(KEY)),
                ANA,
                false,
                "console",
                clock.instant(),
                Map.of(),
                null,
                null);
        database.erasureRequests().put(begun);
        contacts.erase(HOTEL, ana.id());

        erasure().resume();
        assertThat(request().problem()).isEqualTo(Erasure.ROW_UNDERWAY);
        theRowAppears();
        clock.advance(Duration.ofMinutes(3));
        erasure().resume();

        assertThat(request().finishedAt()).isNotNull();
        assertThat(table.rows()).isEmpty();
    }
}
