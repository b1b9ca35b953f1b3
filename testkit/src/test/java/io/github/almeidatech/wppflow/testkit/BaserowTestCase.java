package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;

/** A table of contacts with a column of each type. */
abstract class BaserowTestCase {

    final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    final SimulatedBaserow baserow = SimulatedBaserow.start(clock);
    final BaserowTable contacts = baserow.table(
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
    final Api api = new Api(baserow.baseUrl(), "Authorization", "Token " + baserow.token());
    final String rows = "/api/database/rows/table/" + contacts.id() + "/";

    @AfterEach
    void close() {
        baserow.close();
    }

    JsonNode create(String json) throws Exception {
        var answer = api.post(rows + "?user_field_names=true", json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    Api.Response refused(String json) throws Exception {
        var answer = api.post(rows + "?user_field_names=true", json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        return answer;
    }

    List<Long> found(String query) throws Exception {
        var answer = api.get(rows + "?" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return ids(answer.json().path("results"));
    }

    static List<Long> ids(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.path("id").asLong())
                .toList();
    }

    static String tree(String json) {
        return "user_field_names=true&filters=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
    }

    static String tree(String field, String type, String value) {
        return tree("{\"filter_type\":\"AND\",\"filters\":[{\"field\":\"" + field + "\",\"type\":\"" + type
                + "\",\"value\":\"" + value + "\"}],\"groups\":[]}");
    }
}
