package io.github.almeidatech.wppflow.knowledge;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant wants to be known.
 *
 * @param id unique inside the tenant; putting the same id again replaces
 * @param title what it is about, as a heading or question
 * @param content plain text or Markdown
 * @param domain an area to search in, such as {@code hotel}; null belongs to all
 */
public record Document(
        String id, String title, String content, @Nullable String domain) {

    public Document {
        if (id.isBlank() || id.length() > 200) {
            throw new IllegalArgumentException("a document id of 1 to 200 characters wanted");
        }
        if (content.isBlank() && title.isBlank()) {
            throw new IllegalArgumentException("a document without text");
        }
    }
}
