package io.github.almeidatech.wppflow.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;

/** Durations as ISO 8601 text; the shape check has made sure that it is one. */
final class DurationModule extends SimpleModule {

    @Serial
    private static final long serialVersionUID = 1L;

    DurationModule() {
        addDeserializer(Duration.class, new FromText());
    }

    private static final class FromText extends StdDeserializer<Duration> {

        @Serial
        private static final long serialVersionUID = 1L;

        FromText() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Duration.parse(parser.getText());
        }
    }
}
