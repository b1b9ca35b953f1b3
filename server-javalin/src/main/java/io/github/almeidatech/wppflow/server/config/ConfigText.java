package io.github.almeidatech.wppflow.server.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The configuration as text <em>with its secrets</em>: to be digested or looked for, never to be shown or stored. */
public final class ConfigText {

    private ConfigText() {}

    /** The same text for the same settings, by their first key; those of a tenant are written out in its own. */
    public static Map<String, String> sections(Object settings) {
        var sections = new TreeMap<String, String>();
        var mapper = mapper(secret -> {});
        try {
            var tree = (ObjectNode) mapper.readTree(mapper.writeValueAsString(settings));
            for (var section : tree.properties()) {
                sections.put(section.getKey(), mapper.writeValueAsString(section.getValue()));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration that was read can be written", e);
        }
        return sections;
    }

    /** Every secret in it. */
    static List<Secret> all(Config config) {
        var secrets = new ArrayList<Secret>();
        try {
            mapper(secrets::add).writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration that was read can be written", e);
        }
        return List.copyOf(secrets);
    }

    private static ObjectMapper mapper(Consumer<Secret> seen) {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .addModule(new SimpleModule()
                        .addSerializer(Secret.class, new Revealing(seen))
                        .addSerializer(Duration.class, ToStringSerializer.instance))
                .build();
    }

    private static final class Revealing extends StdSerializer<Secret> {

        @Serial
        private static final long serialVersionUID = 1L;

        private final transient Consumer<Secret> seen;

        Revealing(Consumer<Secret> seen) {
            super(Secret.class);
            this.seen = seen;
        }

        @Override
        public void serialize(Secret secret, JsonGenerator json, SerializerProvider provider) throws IOException {
            seen.accept(secret);
            json.writeString(secret.reveal());
        }
    }
}
