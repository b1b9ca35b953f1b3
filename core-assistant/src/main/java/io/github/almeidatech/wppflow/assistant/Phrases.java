package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.Language;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/**
 * The sentences the assistant says by itself, in the languages we speak, each replaceable by the tenant's own wording.
 * {@code {name}} stands for the business's name. Immutable.
 */
public final class Phrases {

    private static final Map<Language, Properties> TEXTS = load("phrases");

    private final String business;
    private final Map<String, String> own;

    /**
     * @param business the business's name
     * @param own the tenant's wordings by key, for all languages
     * @throws IllegalArgumentException for a key that does not exist
     */
    public Phrases(String business, Map<String, String> own) {
        this.business = business;
        this.own = Map.copyOf(own);
        for (String key : own.keySet()) {
            if (!keys().contains(key)) {
                throw new IllegalArgumentException("no phrase is called " + key + "; there are " + keys());
            }
        }
    }

    /** The business's name. */
    String business() {
        return business;
    }

    /** The names of all phrases. */
    public static Set<String> keys() {
        return Objects.requireNonNull(TEXTS.get(Language.PT_BR)).stringPropertyNames();
    }

    /** The phrase in the language. */
    public String say(String key, Language language) {
        String text = own.get(key);
        if (text == null) {
            text = Objects.requireNonNull(
                    Objects.requireNonNull(TEXTS.get(language)).getProperty(key), key);
        }
        return text.replace("{name}", business);
    }

    /** A file of texts in each language. */
    static Map<Language, Properties> load(String name) {
        var texts = new EnumMap<Language, Properties>(Language.class);
        for (Language language : Language.values()) {
            var properties = new Properties();
            String file = name + "_" + language.tag() + ".properties";
            try (InputStream in = Objects.requireNonNull(Phrases.class.getResourceAsStream(file), file);
                    var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new IllegalStateException(file + " cannot be read", e);
            }
            texts.put(language, properties);
        }
        return texts;
    }
}
