package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedBaserowTest extends BaserowTestCase {

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

    @Test
    void a_page_shows_people_all_rows_and_what_is_in_them_is_only_text() throws Exception {
        try (var other = SimulatedBaserow.start(0)) {
            other.table(702, "Leads", BaserowField.text("nome"), BaserowField.singleSelect("estado", "novo"))
                    .add(Map.of("nome", "<b>Ana & \"Bia\""));

            var page = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(other.baseUrl().resolve("/")).build(), BodyHandlers.ofString());

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body())
                    .contains(
                            "Leads (702)",
                            "<th>id<th>nome<th>estado",
                            "<td>1<td>&lt;b&gt;Ana &amp; &quot;Bia&quot;<td>");
        }
    }
}
