package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedBaserowTest {

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private final SimulatedBaserow baserow = SimulatedBaserow.start(clock);
    private final BaserowTable contacts = baserow.table(
            "contatos",
            BaserowField.text("phone").asUnique(),
            BaserowField.text("name"),
            BaserowField.longText("custom_fields"),
            BaserowField.number("score", 2),
            BaserowField.number("visits", 0).notNegative(),
            BaserowField.checkbox("vip"),
            BaserowField.date("birthday"),
            BaserowField.dateTime("seen"),
            BaserowField.singleSelect("status", "open", "closed"),
            BaserowField.phone("mobile"),
            BaserowField.email("email"),
            BaserowField.url("site"),
            BaserowField.createdOn("made"),
            BaserowField.lastModified("changed"));
    private final Api api = new Api(baserow.baseUrl(), "Authorization", "Token " + baserow.token());
    private final String rows = "/api/database/rows/table/" + contacts.id() + "/";

    @AfterEach
    void close() {
        baserow.close();
    }

    private JsonNode create(String json) throws Exception {
        var answer = api.post(rows + "?user_field_names=true", json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private Api.Response refused(String json) throws Exception {
        var answer = api.post(rows + "?user_field_names=true", json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        return answer;
    }

    private List<Long> found(String query) throws Exception {
        var answer = api.get(rows + "?" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return ids(answer.json().path("results"));
    }

    private static List<Long> ids(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.path("id").asLong())
                .toList();
    }

    private static String tree(String json) {
        return "user_field_names=true&filters=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
    }

    private static String tree(String field, String type, String value) {
        return tree("{\"filter_type\":\"AND\",\"filters\":[{\"field\":\"" + field + "\",\"type\":\"" + type
                + "\",\"value\":\"" + value + "\"}],\"groups\":[]}");
    }

    @Test
    void a_created_row_comes_back_whole_with_numbers_as_texts() throws Exception {
        var row = create("""
                {"phone":"5511999990001","score":12.5,"visits":"3","vip":"yes","birthday":"1990-02-03",
                 "seen":"2026-01-02T03:04:05-03:00","status":"closed","mobile":"+55 11 9","email":"a@example.com",
                 "site":"https://example.com","unknown":1}""");

        assertThat(row.path("score").asText()).isEqualTo("12.50");
        assertThat(row.path("visits").isTextual()).isTrue();
        assertThat(row.path("vip").asBoolean()).isTrue();
        assertThat(row.path("seen").asText()).isEqualTo("2026-01-02T06:04:05Z");
        assertThat(row.path("status").path("value").asText()).isEqualTo("closed");
        assertThat(row.path("name").isNull()).isTrue();
        assertThat(row.path("made").asText()).isEqualTo("2026-09-01T12:00:00Z");
        assertThat(row.has("unknown")).isFalse();
        assertThat(contacts.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void keys_nobody_knows_make_an_empty_row() throws Exception {
        create("{\"fone\":\"5511999990001\"}");
        api.post(rows, "{\"phone\":\"5511999990001\"}");

        assertThat(contacts.rows()).hasSize(2).allSatisfy(row -> {
            assertThat(row.path("phone").isNull()).isTrue();
            assertThat(row.path("mobile").asText("?")).isEmpty();
            assertThat(row.path("vip").asBoolean(true)).isFalse();
        });
        assertThat(baserow.table("nova", BaserowField.text("a")).withBlankRows().rows())
                .hasSize(2);
    }

    @Test
    void columns_can_be_written_and_read_by_id() throws Exception {
        long field = api.get("/api/database/fields/table/" + contacts.id() + "/")
                .json()
                .path(0)
                .path("id")
                .asLong();

        var row = api.post(rows, "{\"field_" + field + "\":\"5511999990001\"}").json();

        assertThat(row.path("field_" + field).asText()).isEqualTo("5511999990001");
        assertThat(found("filter__field_" + field + "__equal=5511999990001")).hasSize(1);
        assertThat(found("order_by=-field_" + field)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"name\":true} | invalid",
                "{\"custom_fields\":{\"a\":1}} | invalid",
                "{\"name\":\"a\\u0000b\"} | null_characters_not_allowed",
                "{\"score\":1.234} | max_decimal_places",
                "{\"score\":\"abc\"} | invalid",
                "{\"visits\":-1} | min_value",
                "{\"vip\":null} | invalid",
                "{\"vip\":\"perhaps\"} | invalid",
                "{\"birthday\":\"03/02/1990\"} | invalid",
                "{\"birthday\":\"1990-02-03T00:00:00Z\"} | invalid",
                "{\"seen\":1788264000000} | invalid",
                "{\"mobile\":\"whatsapp:+55\"} | invalid",
                "{\"email\":\"nobody\"} | invalid",
                "{\"site\":\"example\"} | invalid"
            })
    void what_a_column_does_not_take_is_named_with_a_code(String json, String code) throws Exception {
        var answer = refused(json).json();

        assertThat(answer.path("error").asText()).isEqualTo("ERROR_REQUEST_BODY_VALIDATION");
        assertThat(answer.path("detail").elements().next().path(0).path("code").asText())
                .isEqualTo(code);
        assertThat(contacts.rows()).isEmpty();
    }

    @Test
    void unknown_options_and_read_only_columns_are_refused_with_a_plain_text() throws Exception {
        assertThat(refused("{\"status\":\"lost\"}").json().path("detail").isTextual())
                .isTrue();
        assertThat(refused("{\"status\":{\"id\":1}}").json().path("detail").isTextual())
                .isTrue();
        assertThat(refused("{\"made\":\"2026-01-01\"}").json().path("detail").asText())
                .contains("read only");
    }

    @Test
    void empty_values_are_taken_as_each_column_has_them() throws Exception {
        var row = create(
                "{\"name\":\" 12 \",\"score\":\"\",\"seen\":null,\"birthday\":\"\",\"status\":1,\"mobile\":null,\"email\":\"\",\"custom_fields\":7}");

        assertThat(row.path("name").asText()).isEqualTo("12");
        assertThat(row.path("custom_fields").asText()).isEqualTo("7");
        assertThat(row.path("score").isNull()).isTrue();
        assertThat(row.path("status").path("value").asText()).isEqualTo("open");
        assertThat(row.path("mobile").asText("?")).isEmpty();
        assertThat(create("{\"seen\":\"2026-01-02\",\"status\":null}")
                        .path("seen")
                        .asText())
                .isEqualTo("2026-01-02T00:00:00Z");
    }

    @Test
    void look_ups_that_are_not_understood_return_the_whole_table() throws Exception {
        create("{\"phone\":\"1\"}");
        create("{\"phone\":\"2\"}");

        assertThat(found("user_field_names=true&filter__phone__equal=2")).containsExactly(2L);
        assertThat(found("filter__phone__equal=2")).containsExactly(1L, 2L);
        assertThat(found("user_field_names=false&filter__phone__equal=2")).hasSize(2);
        assertThat(found("user_field_names=true&filter__fone__equal=2")).hasSize(2);
        assertThat(found("user_field_names=true&filter__phone__equal=")).hasSize(2);
        assertThat(found("user_field_names=true&filter__phone__equal=+")).hasSize(2);
        assertThat(found("user_field_names=true&filter__id__equal=2")).hasSize(2);
        assertThat(found("user_field_names=true&filter__status__single_select_equal=open"))
                .hasSize(2);
        assertThat(found("filter__phone__equals=2")).hasSize(2);
        assertThat(found(tree("phone", "equal", ""))).hasSize(2);
        assertThat(found("filter__field_id__in=2,3")).containsExactly(2L);
    }

    @ParameterizedTest
    @CsvSource({
        "user_field_names=true&filter__field_99999__equal=x, ERROR_FILTER_FIELD_NOT_FOUND",
        "user_field_names=true&filter__phone__equals=x, ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST",
        "user_field_names=true&filter__phone__date_is=x, ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD",
        "user_field_names=true&order_by=id, ERROR_ORDER_BY_FIELD_NOT_FOUND",
        "size=201, ERROR_PAGE_SIZE_LIMIT",
        "user_field_names=true&filters=%7B, ERROR_FILTERS_PARAM_VALIDATION_ERROR",
        "filters=%7B%22filter_type%22%3A%22AND%22%2C%22filters%22%3A%5B%7B%22field%22%3A%22phone%22%7D%5D%7D, ERROR_FILTERS_PARAM_VALIDATION_ERROR"
    })
    void mistakes_that_are_noticed_have_a_code(String query, String error) throws Exception {
        var answer = api.get(rows + "?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asText()).isEqualTo(error);
    }

    @Test
    void a_filter_tree_notices_an_unknown_column() throws Exception {
        var answer = api.get(rows + "?" + tree("fone", "equal", "1"));

        assertThat(answer.json().path("error").asText()).isEqualTo("ERROR_FILTER_FIELD_NOT_FOUND");
    }

    @Test
    void filters_compare_as_their_columns_do() throws Exception {
        create(
                "{\"phone\":\"a\",\"name\":\"Ana Souza\",\"score\":5,\"vip\":true,\"birthday\":\"2026-08-30\",\"status\":1}");
        clock.advance(Duration.ofDays(1));
        create("{\"phone\":\"b\",\"name\":\"Bia\",\"score\":10.5,\"seen\":\"2026-09-02T01:00:00Z\",\"status\":2}");

        assertThat(found(tree("name", "equal", "ana souza"))).isEmpty();
        assertThat(found(tree("name", "not_equal", "Bia"))).containsExactly(1L);
        assertThat(found(tree("name", "contains", "SOUZA"))).containsExactly(1L);
        assertThat(found(tree("name", "contains_not", "souza"))).containsExactly(2L);
        assertThat(found(tree("name", "contains_word", "ana"))).containsExactly(1L);
        assertThat(found(tree("custom_fields", "empty", ""))).hasSize(2);
        assertThat(found(tree("name", "not_empty", ""))).hasSize(2);
        assertThat(found(tree("score", "equal", "5.0"))).containsExactly(1L);
        assertThat(found(tree("score", "not_equal", "5"))).containsExactly(2L);
        assertThat(found(tree("score", "higher_than", "5"))).containsExactly(2L);
        assertThat(found(tree("score", "higher_than_or_equal", "5"))).hasSize(2);
        assertThat(found(tree("score", "lower_than", "6"))).containsExactly(1L);
        assertThat(found(tree("score", "lower_than_or_equal", "5"))).containsExactly(1L);
        assertThat(found(tree("score", "equal", "many"))).isEmpty();
        assertThat(found(tree("visits", "not_equal", "1"))).hasSize(2);
        assertThat(found(tree("vip", "boolean", "true"))).containsExactly(1L);
        assertThat(found(tree("status", "single_select_equal", "2"))).containsExactly(2L);
        assertThat(found(tree("status", "single_select_is_any_of", "1,2"))).hasSize(2);
        assertThat(found(tree("birthday", "date_is", "UTC?2026-08-30?exact_date")))
                .containsExactly(1L);
        assertThat(found(tree("birthday", "date_is_before", "UTC?2026-08-30?exact_date")))
                .isEmpty();
        assertThat(found(tree("birthday", "date_is_on_or_before", "UTC?2026-08-30?exact_date")))
                .hasSize(1);
        assertThat(found(tree("birthday", "date_is_on_or_after", "UTC?3?nr_days_ago")))
                .hasSize(1);
        assertThat(found(tree("birthday", "date_is_after", "UTC?nonsense?exact_date")))
                .isEmpty();
        assertThat(found(tree("birthday", "date_is_after", "nonsense"))).isEmpty();
        assertThat(found(tree("seen", "date_is", "America/Sao_Paulo?2026-09-01?exact_date")))
                .containsExactly(2L);
        assertThat(found(tree("made", "date_is", "UTC??today"))).containsExactly(2L);
        assertThat(found("filter__field_created_on__date_is_after=UTC?2026-09-01?exact_date"))
                .containsExactly(2L);
        assertThat(found("filter__field_updated_on__date_is_after=UTC?2026-09-02?exact_date"))
                .isEmpty();
        assertThat(
                        found(
                                "user_field_names=true&filter_type=OR&filter__phone__equal=a&filter__phone__equal=a&filter__name__equal=Bia"))
                .hasSize(2);
        assertThat(found(tree("""
                {"filter_type":"OR","filters":[{"field":"phone","type":"equal","value":"a"}],
                 "groups":[{"filter_type":"AND","filters":[{"field":"score","type":"higher_than","value":"10"}]}]}"""))).hasSize(2);
        assertThat(found("search=souza")).containsExactly(1L);
    }

    @Test
    void lists_have_pages_an_order_and_chosen_columns() throws Exception {
        for (int i = 1; i <= 5; i++) {
            create("{\"phone\":\"p" + i + "\",\"name\":\"" + (i % 2) + "\",\"score\":" + (11 - i) + "}");
        }

        var page = api.get(rows + "?user_field_names=true&size=2&page=2&order_by=-name,score")
                .json();
        assertThat(ids(page.path("results"))).containsExactly(1L, 4L);
        assertThat(page.path("count").asInt()).isEqualTo(5);
        assertThat(page.path("next").asText()).startsWith("http://baserow.internal.example/");
        assertThat(page.path("previous").isNull()).isFalse();
        assertThat(found("size=2&page=9")).isEmpty();
        assertThat(found("size=0&page=abc")).hasSize(5);
        var some = api.get(rows + "?user_field_names=true&size=1&include=phone,nothing")
                .json()
                .path("results")
                .path(0);
        assertThat(some.size()).isEqualTo(3);
        var most = api.get(rows + "?user_field_names=true&size=1&exclude=phone")
                .json()
                .path("results")
                .path(0);
        assertThat(most.has("phone")).isFalse();
        assertThat(most.has("name")).isTrue();
        assertThat(api.get(rows + "?user_field_names=true&size=1&include=nothing")
                        .json()
                        .path("results")
                        .path(0)
                        .size())
                .isEqualTo(16);
    }

    @Test
    void single_rows_are_read_changed_and_deleted() throws Exception {
        create("{\"phone\":\"1\",\"name\":\"Ana\"}");
        clock.advance(Duration.ofHours(1));

        var changed = api.send("PATCH", rows + "1/?user_field_names=true", "{\"name\":\"Bia\",\"x\":1}")
                .json();
        assertThat(changed.path("phone").asText()).isEqualTo("1");
        assertThat(changed.path("changed").asText()).isEqualTo("2026-09-01T13:00:00Z");
        assertThat(api.get(rows + "1/?user_field_names=true")
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("Bia");
        assertThat(api.send("PUT", rows + "1/", "{}").status()).isEqualTo(405);
        assertThat(api.send("DELETE", rows + "1/", null).status()).isEqualTo(204);
        assertThat(api.send("DELETE", rows + "1/", null).json().path("error").asText())
                .isEqualTo("ERROR_ROW_DOES_NOT_EXIST");
        assertThat(api.get(rows + "1/").status()).isEqualTo(404);
        assertThat(api.send("PATCH", rows + "9/", "{}").status()).isEqualTo(404);
        create("{\"phone\":\"1\"}");
    }

    @Test
    void a_unique_column_holds_also_when_eight_come_at_once() throws Exception {
        var pool = Executors.newFixedThreadPool(8);
        var start = new CountDownLatch(1);
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(pool.submit(() -> {
                start.await();
                return api.post(rows + "?user_field_names=true", "{\"phone\":\"1\"}")
                        .status();
            }));
        }

        start.countDown();

        var statuses = new ArrayList<Integer>();
        for (var answer : answers) {
            statuses.add(answer.get());
        }
        pool.shutdown();
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
        assertThat(refused("{\"phone\":\"1\"}").json().path("error").asText()).isEqualTo("ERROR_FIELD_DATA_CONSTRAINT");
        assertThat(create("{\"phone\":\"2\"}").path("id").asLong())
                .as("failed creates use up ids")
                .isEqualTo(10);
        assertThat(api.send("PATCH", rows + "10/?user_field_names=true", "{\"phone\":\"1\"}")
                        .status())
                .isEqualTo(400);
        assertThat(api.get(rows + "10/?user_field_names=true")
                        .json()
                        .path("phone")
                        .asText())
                .isEqualTo("2");
        assertThatThrownBy(() -> BaserowField.phone("mobile").asUnique()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void batches_are_done_whole_or_not_at_all() throws Exception {
        var batch = rows + "batch/?user_field_names=true";
        var made = api.post(batch, "{\"items\":[{\"phone\":\"1\"},{\"phone\":\"2\"}]}")
                .json();
        assertThat(made.path("items")).hasSize(2);

        assertThat(api.post(batch, "{\"items\":[{\"phone\":\"3\"},{\"phone\":\"1\"}]}")
                        .status())
                .isEqualTo(400);
        var bad = api.post(batch, "{\"items\":[{\"phone\":\"3\"},{\"email\":\"x\"}]}")
                .json();
        assertThat(bad.path("detail")
                        .path("items")
                        .path("1")
                        .path("email")
                        .path(0)
                        .path("code")
                        .asText())
                .isEqualTo("invalid");
        assertThat(contacts.rows()).hasSize(2);
        assertThat(api.send("PATCH", batch, "{\"items\":[{\"id\":1,\"name\":\"A\"},{\"id\":2,\"name\":\"B\"}]}")
                        .json()
                        .path("items"))
                .hasSize(2);
        assertThat(api.send("PATCH", batch, "{\"items\":[{\"id\":1,\"name\":\"C\"},{\"id\":9}]}")
                        .status())
                .isEqualTo(404);
        assertThat(api.send("PATCH", batch, "{\"items\":[{\"id\":1},{\"id\":1}]}")
                        .json()
                        .path("error")
                        .asText())
                .isEqualTo("ERROR_ROW_IDS_NOT_UNIQUE");
        assertThat(api.send("PATCH", batch, "{\"items\":[{\"name\":\"C\"}]}").status())
                .isEqualTo(400);
        assertThat(contacts.rows()).extracting(row -> row.path("name").asText()).containsExactly("A", "B");
        assertThat(api.post(rows + "batch-delete/", "{\"items\":[1,9]}").status())
                .isEqualTo(404);
        assertThat(api.post(rows + "batch-delete/", "{\"items\":[1,2]}").status())
                .isEqualTo(204);
        assertThat(contacts.rows()).isEmpty();
        for (var items : List.of("[]", "{\"items\":[]}", "{\"items\":[" + "{},".repeat(200) + "{}]}")) {
            assertThat(api.post(batch, items).status()).isEqualTo(400);
        }
    }

    @Test
    void fields_tell_their_types_and_constraints() throws Exception {
        var fields =
                api.get("/api/database/fields/table/" + contacts.id() + "/").json();

        assertThat(fields).hasSize(14);
        assertThat(fields.path(0)
                        .path("field_constraints")
                        .path(0)
                        .path("type_name")
                        .asText())
                .isEqualTo("unique_with_empty");
        assertThat(fields.path(0).path("primary").asBoolean()).isTrue();
        assertThat(fields.path(3).path("number_decimal_places").asInt()).isEqualTo(2);
        assertThat(fields.path(7).path("date_include_time").asBoolean()).isTrue();
        assertThat(fields.path(8).path("select_options").path(1).path("value").asText())
                .isEqualTo("closed");
        assertThat(fields.path(12).path("read_only").asBoolean()).isTrue();
        assertThat(api.get("/api/database/tables/all-tables/")
                        .json()
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("contatos");
    }

    @Test
    void people_change_tables_by_hand() throws Exception {
        long id = contacts.add(Map.of("phone", "1", "score", 3, "name", "Ana"));
        contacts.rename("phone", "telefone");
        contacts.dropColumn("score");
        contacts.putColumn(BaserowField.number("name", 0));

        assertThat(contacts.rows().get(0).path("telefone").asText()).isEqualTo("1");
        assertThat(contacts.rows().get(0).has("score")).isFalse();
        assertThat(contacts.rows().get(0).path("name").isNull()).isTrue();
        contacts.remove(id);
        assertThat(contacts.rows()).isEmpty();
        assertThat(contacts.createdThroughApi()).isZero();
        baserow.dropTable(contacts);
        assertThat(api.get(rows).json().path("error").asText()).isEqualTo("ERROR_TABLE_DOES_NOT_EXIST");
    }

    @Test
    void access_is_refused_as_the_real_one_does() throws Exception {
        var bearer = new Api(baserow.baseUrl(), "Authorization", "Bearer " + baserow.token()).get(rows);
        assertThat(bearer.status()).isEqualTo(401);
        assertThat(bearer.json().has("error")).isFalse();
        var wrong = new Api(baserow.baseUrl(), "Authorization", "Token wrong");
        assertThat(wrong.get(rows).json().path("error").asText()).isEqualTo("ERROR_TOKEN_DOES_NOT_EXIST");
        assertThat(wrong.get("/api/database/tokens/check/").status()).isEqualTo(403);
        assertThat(new Api(baserow.baseUrl(), "Authorization", "Token")
                        .get(rows)
                        .json()
                        .path("error")
                        .asText())
                .isEqualTo("ERROR_INVALID_TOKEN_HEADER");
        assertThat(new Api(baserow.baseUrl(), "Authorization", "token " + baserow.token())
                        .get(rows)
                        .status())
                .isEqualTo(200);
        assertThat(api.get("/api/database/tokens/check/").json().path("token").asText())
                .isEqualTo("OK");
        contacts.forbid("create");
        assertThat(api.post(rows, "{}").json().path("error").asText()).isEqualTo("ERROR_NO_PERMISSION_TO_TABLE");
        assertThat(api.get(rows).status()).isEqualTo(200);
    }

    @Test
    void wrong_paths_types_and_bodies_are_refused() throws Exception {
        assertThat(api.get(rows.substring(0, rows.length() - 1))
                        .json()
                        .path("error")
                        .asText())
                .isEqualTo("URL_TRAILING_SLASH_MISSING");
        assertThat(api.get("/api/database/rows/table/contatos/")
                        .json()
                        .path("error")
                        .asText())
                .isEqualTo("URL_NOT_FOUND");
        assertThat(api.send("POST", rows, "text/plain", new byte[] {'a'}).status())
                .isEqualTo(415);
        var broken = api.post(rows, "{\"a\":");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.json().path("detail").asText()).startsWith("JSON parse error");
    }

    @Test
    void too_many_at_once_are_throttled_with_a_long_hint() throws Exception {
        baserow.maxConcurrent(1);
        baserow.faults().next(1, SeenRequest.matching("GET", "/1/"), Fault.hang());
        var hanging = CompletableFuture.runAsync(() -> {
            try {
                api.get(rows + "1/");
            } catch (IOException | InterruptedException e) {
                // Ends with the server.
            }
        });
        await().until(() -> baserow.faults().struck() == 1);

        var answer = api.get(rows);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.http().headers().firstValue("Retry-After")).contains("29");
        assertThat(answer.json().path("detail").asText()).contains("throttled");
        assertThat(baserow.mostAtOnce()).isEqualTo(2);
        baserow.close();
        assertThat(hanging).succeedsWithin(Receiver.limit());
    }

    @Test
    void a_row_can_be_made_and_the_answer_lost() throws Exception {
        baserow.faults()
                .next(1, SeenRequest.matching("POST", rows), Fault.drop().afterDoing())
                .next(1, request -> true, SimulatedBaserow.deadlock())
                .next(1, request -> true, SimulatedBaserow.throttled(Duration.ofSeconds(3)));

        assertThatThrownBy(() -> create("{\"phone\":\"1\"}")).isInstanceOf(IOException.class);
        assertThat(api.get(rows).status()).isEqualTo(409);
        assertThat(api.get(rows).http().headers().firstValue("Retry-After")).contains("3");
        assertThat(contacts.createdThroughApi()).isEqualTo(1);
        assertThat(baserow.requests()).hasSize(3);
    }
}
