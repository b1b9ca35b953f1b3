package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaserowClientTest {

    private final Fixture fixture = new Fixture();
    private final SimulatedBaserow baserow = fixture.baserow;
    private final BaserowClient client = fixture.client;
    private final BaserowTable table = baserow.table(
            "leads", BaserowField.text("phone"), BaserowField.number("age", 0), BaserowField.longText("note"));

    @AfterEach
    void close() {
        fixture.close();
    }

    private static BaserowError errorOf(Callable<?> call) {
        try {
            call.call();
            return null;
        } catch (BaserowException e) {
            return e.error();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void rows_are_created_read_changed_and_deleted() {
        BaserowRow made = client.create(table.id(), Map.of("phone", "+5561981234567", "age", 7));

        assertThat(made.text("phone")).isEqualTo("+5561981234567");
        assertThat(made.number("age")).hasValueSatisfying(age -> assertThat(age).isEqualByComparingTo("7"));
        assertThat(client.update(table.id(), made.id(), Map.of("note", "oi")).text("note"))
                .isEqualTo("oi");
        assertThat(client.get(table.id(), made.id()))
                .hasValueSatisfying(row -> assertThat(row.text("note")).isEqualTo("oi"));
        assertThat(client.delete(table.id(), made.id())).isTrue();
        assertThat(client.delete(table.id(), made.id())).isFalse();
        assertThat(client.get(table.id(), made.id())).isEmpty();
        assertThat(baserow.requests()).allSatisfy(request -> {
            assertThat(request.path()).endsWith("/");
            assertThat(request.query("user_field_names").isPresent())
                    .isNotEqualTo(request.method().equals("DELETE"));
        });
    }

    @Test
    void a_token_that_is_replaced_counts_from_the_next_call_on() {
        var token = new AtomicReference<>("a-token-that-was-revoked");
        var rotating = BaserowClient.builder(new OkHttpClient(), baserow.baseUrl(), token::get)
                .build();
        assertThat(rotating.tokenWorks()).isFalse();

        token.set(baserow.token());

        assertThat(rotating.tokenWorks()).isTrue();
    }

    @Test
    void a_plus_in_a_filter_arrives_as_a_plus() {
        table.add(Map.of("phone", "+5561981234567"));
        table.add(Map.of("phone", "5561981234567"));

        RowPage page = client.list(table.id(), RowQuery.first(10, RowFilter.equal("phone", "+5561981234567")));

        assertThat(page.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.text("phone")).startsWith("+"));
        assertThat(page.count()).isEqualTo(1);
    }

    @Test
    void a_filter_about_a_column_that_is_not_there_fails_instead_of_answering_with_everything() {
        table.add(Map.of("phone", "1"));

        var query = RowQuery.first(10, RowFilter.equal("fone", "1"));
        assertThat(errorOf(() -> client.list(table.id(), query))).isEqualTo(BaserowError.COLUMNS_CHANGED);
        assertThatIllegalArgumentException().isThrownBy(() -> RowFilter.equal("phone", " "));
        assertThatIllegalArgumentException().isThrownBy(() -> RowFilter.any(List.of()));
    }

    @Test
    void filters_nest_pages_count_and_columns_can_be_chosen() {
        for (int i = 0; i < 5; i++) {
            table.add(Map.of("phone", "p" + i, "age", i));
        }
        var filter = RowFilter.any(List.of(
                RowFilter.of("age", "higher_than", "2"),
                RowFilter.all(List.of(RowFilter.equal("phone", "p0"), RowFilter.equal("age", "0")))));

        RowPage page = client.list(table.id(), new RowQuery(filter, 1, 2, "-age", List.of("phone")));

        assertThat(page.count()).isEqualTo(3);
        assertThat(page.rows()).extracting(row -> row.text("phone")).containsExactly("p4", "p3");
        assertThat(page.rows().get(0).has("age")).isFalse();
    }

    @Test
    void batches_are_written_whole_or_not_at_all() {
        List<BaserowRow> made = client.createAll(table.id(), List.of(Map.of("phone", "a"), Map.of("phone", "b")));
        var changes = new LinkedHashMap<Long, Map<String, Object>>();
        made.forEach(row -> changes.put(row.id(), Map.of("note", "x" + row.id())));

        assertThat(client.updateAll(table.id(), changes)).hasSize(2);
        assertThat(errorOf(() -> client.createAll(table.id(), List.of(Map.of("age", "1"), Map.of("age", "não")))))
                .isEqualTo(BaserowError.INVALID_REQUEST);
        client.deleteAll(table.id(), Set.of(made.get(0).id(), made.get(1).id()));

        assertThat(table.rows()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> client.createAll(table.id(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.createAll(
                        table.id(), new ArrayList<>(Collections.nCopies(201, Map.<String, Object>of()))));
    }

    @Test
    void columns_are_described_with_what_matters_for_writing() {
        BaserowTable typed = baserow.table(
                "typed",
                BaserowField.text("key").asUnique(),
                BaserowField.dateTime("at"),
                BaserowField.singleSelect("status", "open", "closed"),
                BaserowField.lastModified("changed"));

        Map<String, TableField> fields = new LinkedHashMap<>();
        client.fields(typed.id()).forEach(field -> fields.put(field.name(), field));

        assertThat(fields.get("key").unique()).isTrue();
        assertThat(fields.get("at").withTime()).isTrue();
        assertThat(fields.get("status").options()).containsEntry("closed", 2L);
        assertThat(fields.get("changed").readOnly()).isTrue();
    }

    @Test
    void a_wrong_token_is_told_apart_from_a_missing_right() {
        var stranger = BaserowClient.builder(new OkHttpClient(), baserow.baseUrl(), "nobody")
                .clock(fixture.clock)
                .build();
        table.forbid("create");

        assertThat(client.tokenWorks()).isTrue();
        assertThat(stranger.tokenWorks()).isFalse();
        assertThat(errorOf(() -> stranger.get(table.id(), 1))).isEqualTo(BaserowError.UNAUTHORIZED);
        assertThat(errorOf(() -> client.create(table.id(), Map.of()))).isEqualTo(BaserowError.FORBIDDEN);
    }

    @Test
    void what_a_token_may_do_with_rows_is_found_out_without_changing_one() {
        long row = table.add(Map.of("phone", "5511990000042"));
        for (RowRight right : RowRight.values()) {
            assertThat(client.may(table.id(), right)).as(right.word()).isTrue();
            table.forbid(right.word());
            assertThat(client.may(table.id(), right)).as(right.word()).isFalse();
        }

        assertThatThrownBy(() -> client.may(999_999, RowRight.CREATE))
                .isInstanceOfSatisfying(
                        BaserowException.class, e -> assertThat(e.error()).isEqualTo(BaserowError.TABLE_NOT_FOUND));
        assertThat(table.rows())
                .singleElement()
                .satisfies(only -> assertThat(only.path("id").asLong()).isEqualTo(row));
    }

    @Test
    void a_token_refused_again_and_again_stops_the_calls_for_a_while() {
        var stranger = BaserowClient.builder(new OkHttpClient(), baserow.baseUrl(), "nobody")
                .clock(fixture.clock)
                .build();
        for (int i = 0; i < 3; i++) {
            errorOf(() -> stranger.get(table.id(), 1));
        }
        int before = baserow.requests().size();

        assertThat(errorOf(() -> stranger.get(table.id(), 1))).isEqualTo(BaserowError.UNAUTHORIZED);
        assertThat(baserow.requests()).hasSize(before);

        fixture.clock.advance(Duration.ofMinutes(2));
        errorOf(() -> stranger.get(table.id(), 1));
        assertThat(baserow.requests()).hasSize(before + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "400,INVALID_REQUEST",
        "402,FORBIDDEN",
        "403,FORBIDDEN",
        "404,TABLE_NOT_FOUND",
        "408,SERVER_ERROR",
        "413,INVALID_REQUEST",
        "500,SERVER_ERROR",
        "502,SERVER_ERROR",
        "503,SERVER_ERROR",
        "302,REDIRECTED",
    })
    void each_status_has_its_meaning(int status, BaserowError error) {
        baserow.faults().always(Fixture.ANY, Fault.status(status));

        assertThatThrownBy(() -> client.create(table.id(), Map.of("note", "segredo")))
                .isInstanceOfSatisfying(BaserowException.class, e -> {
                    assertThat(e.error()).isEqualTo(error);
                    assertThat(e.status()).isEqualTo(status);
                    assertThat(e.code().code()).isEqualTo("ERR_BASEROW_API");
                })
                .hasMessageNotContaining("segredo")
                .hasMessageNotContaining(baserow.token());
    }

    @Test
    void broken_answers_are_told_apart() {
        baserow.faults()
                .next(1, Fixture.CREATE, Fault.garbage())
                .next(1, Fixture.CREATE, Fault.answer(200, "application/json", "[]"))
                .next(1, Fixture.CREATE, Fault.cut())
                .next(1, Fixture.CREATE, Fault.drop())
                .next(1, Fixture.CREATE, Fault.hang())
                .next(1, Fixture.CREATE, SimulatedBaserow.deadlock());
        Map<String, Object> row = Map.of("phone", "1");

        var hurried = fixture.client(Duration.ofMillis(700));
        var errors = new ArrayList<BaserowError>();
        for (int i = 0; i < 6; i++) {
            errors.add(errorOf(() -> hurried.create(table.id(), row)));
        }

        assertThat(errors)
                .containsExactly(
                        BaserowError.UNREADABLE_ANSWER,
                        BaserowError.UNREADABLE_ANSWER,
                        BaserowError.BROKEN,
                        BaserowError.BROKEN,
                        BaserowError.TIMED_OUT,
                        BaserowError.CONFLICT);
        assertThat(BaserowError.TIMED_OUT.code()).isEqualTo("ERR_TIMEOUT");
    }

    @Test
    void an_answer_that_is_too_large_is_not_read() {
        var careful = fixture.settings().maxAnswerBytes(1_000).build();
        table.add(Map.of("note", "x".repeat(5_000)));

        assertThat(errorOf(() -> careful.get(table.id(), 1))).isEqualTo(BaserowError.TOO_LARGE);
    }

    @Test
    void a_creation_is_written_once_even_when_the_server_asks_for_it_again() {
        baserow.faults()
                .always(
                        Fixture.CREATE,
                        Fault.answer(503, "text/html", "<html>later</html>").afterDoing());

        assertThat(errorOf(() -> client.create(table.id(), Map.of("phone", "1"))))
                .isEqualTo(BaserowError.SERVER_ERROR);
        assertThat(table.rows()).hasSize(1);
    }

    @Test
    void after_429_there_is_a_short_pause_that_grows() {
        baserow.faults().next(2, Fixture.ANY, SimulatedBaserow.throttled(Duration.ofSeconds(29)));

        Duration first = pauseAfter429();
        assertThat(errorOf(() -> client.get(table.id(), 1))).isEqualTo(BaserowError.RATE_LIMITED);
        assertThat(baserow.requests()).as("nothing is asked during the pause").hasSize(1);
        fixture.clock.advance(first);
        Duration second = pauseAfter429();
        fixture.clock.advance(second);

        assertThat(first).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(second).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(client.get(table.id(), 1)).isEmpty();
    }

    private Duration pauseAfter429() {
        try {
            client.get(table.id(), 1);
            throw new AssertionError("not limited");
        } catch (BaserowException e) {
            assertThat(e.error()).isEqualTo(BaserowError.RATE_LIMITED);
            return e.retryAfter().orElseThrow();
        }
    }

    @Test
    void no_more_calls_run_at_once_than_allowed() throws Exception {
        baserow.maxConcurrent(3);
        var modest = fixture.settings().maxConcurrent(3).build();
        baserow.faults().always(Fixture.ANY, Fault.slow(Duration.ofMillis(20)));
        var threads = Executors.newFixedThreadPool(12);
        try {
            var calls = new ArrayList<Callable<BaserowError>>();
            for (int i = 0; i < 24; i++) {
                calls.add(() -> errorOf(() -> modest.get(table.id(), 1)));
            }
            for (var result : threads.invokeAll(calls)) {
                assertThat(result.get()).isNull();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(baserow.mostAtOnce()).isBetween(2, 3);
    }

    @Test
    void a_baserow_that_keeps_failing_is_left_alone_for_a_while() {
        var patient = fixture.settings().breakerDelay(Duration.ofMinutes(1)).build();
        baserow.faults().always(Fixture.ANY, Fault.status(500));
        for (int i = 0; i < 10; i++) {
            errorOf(() -> patient.get(table.id(), 1));
        }
        int before = baserow.requests().size();

        assertThat(errorOf(() -> patient.get(table.id(), 1))).isEqualTo(BaserowError.CIRCUIT_OPEN);
        assertThat(baserow.requests()).hasSize(before).hasSizeLessThan(11);
        assertThat(patient.breakerState()).isEqualTo("open");
        assertThat(client.breakerState()).isEqualTo("closed");
    }

    @Test
    void a_baserow_that_is_down_is_unreachable() {
        baserow.close();

        assertThat(errorOf(() -> client.get(table.id(), 1))).isEqualTo(BaserowError.UNREACHABLE);
    }

    @Test
    void the_listener_is_told_of_every_call() {
        var heard = new ArrayList<String>();
        var metered = fixture.settings()
                .listener((call, took, outcome) -> heard.add(call + " " + outcome))
                .build();

        metered.get(table.id(), 1);
        errorOf(() -> metered.fields(999));

        assertThat(heard).containsExactly("get_row row_not_found", "list_fields table_not_found");
    }

    @Test
    void settings_out_of_range_are_refused_at_once() {
        var http = new OkHttpClient();
        var builder = fixture.settings();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaserowClient.builder(http, URI.create("https://u:p@baserow.example"), "t"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaserowClient.builder(http, URI.create("https://baserow.example"), "a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxConcurrent(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeLimit(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new RowQuery(null, 0, 10, null, List.of()));
        assertThat(client).hasToString("BaserowClient[127.0.0.1]");
    }
}
