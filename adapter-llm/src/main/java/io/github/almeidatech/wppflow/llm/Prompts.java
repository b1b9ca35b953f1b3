package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.model.Language;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What models are told, in one language. The texts and their versions are in {@code prompts/}. Immutable. */
final class Prompts {

    private final Map<String, String> texts;

    private Prompts(Map<String, String> texts) {
        this.texts = Map.copyOf(texts);
    }

    static Map<Language, Prompts> all() {
        var all = new EnumMap<Language, Prompts>(Language.class);
        for (Language language : Language.values()) {
            all.put(language, read("prompts/" + language.tag() + ".txt"));
        }
        return all;
    }

    private static Prompts read(String name) {
        try (var in = Objects.requireNonNull(Prompts.class.getResourceAsStream(name), name)) {
            var texts = new HashMap<String, String>();
            for (String section : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^# ")) {
                int end = section.indexOf('\n');
                if (end > 0) {
                    texts.put(
                            section.substring(0, end).strip(),
                            section.substring(end).strip());
                }
            }
            return new Prompts(texts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first line says who writes, the others are the rules. */
    String answer(AnswerWriter.Style style) {
        return text("answer 3")
                .replace("{who}", text(style.bot().isBlank() ? "team 1" : "bot 1"))
                .replace("{tone}", style.tone().isBlank() ? "" : " " + text("tone 1"))
                .replace("{limit}", Integer.toString(style.maxCharacters()))
                .replace("{lists}", text(style.lists() ? "lists 1" : "no-lists 1"))
                .replace("{business}", Untrusted.line(style.business(), 100))
                .replace("{bot}", Untrusted.line(style.bot(), 60))
                .replace("{tone}", Untrusted.line(style.tone(), 300));
    }

    String intent() {
        return text("intent 2");
    }

    String picture() {
        return text("picture 1");
    }

    String look() {
        return text("look 1");
    }

    String visible() {
        return text("visible 1");
    }

    String schema(JsonNode schema) {
        return text("schema 1").replace("{schema}", schema.toString());
    }

    String again(String problem) {
        return text("again 1").replace("{problem}", problem);
    }

    private String text(String name) {
        return Objects.requireNonNull(texts.get(name), name);
    }
}
