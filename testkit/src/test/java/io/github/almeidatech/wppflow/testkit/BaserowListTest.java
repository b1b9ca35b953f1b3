package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaserowListTest extends BaserowTestCase {

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
}
