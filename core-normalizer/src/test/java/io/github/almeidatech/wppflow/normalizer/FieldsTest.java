package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-09-01T12:34:56.789Z",
                "2024-02-29T23:59:59Z",
                "1970-01-01T00:00:00.000Z",
                "9999-12-31T23:59:59.999Z",
                "2026-09-01T12:34:56.789123Z",
                "2026-09-01T12:34Z",
                "2026-09-01T12:34:56.789-03:00"
            })
    void a_time_is_the_same_however_exactly_it_is_written(String written) {
        var fields = new Fields(JsonNodeFactory.instance.objectNode().put("created_at", written), "");

        assertThat(fields.time("created_at"))
                .isEqualTo(OffsetDateTime.parse(written).toInstant());
    }
}
