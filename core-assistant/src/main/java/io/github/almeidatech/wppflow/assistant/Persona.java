package io.github.almeidatech.wppflow.assistant;

/**
 * Who speaks for an intent.
 *
 * @param name how the bot calls itself, such as "Bia"; empty for none
 * @param tone how it is to sound when a model writes; empty for the business's own tone
 */
public record Persona(String name, String tone) {

    static final Persona NONE = new Persona("", "");
}
