package io.github.almeidatech.wppflow.assistant;

import java.util.List;

/**
 * What the customer said in a turn, as text.
 *
 * @param text all messages and everything readable in their attachments, a line each
 * @param transcripts what was understood of voice notes
 * @param unreadable why attachments could not be read, in the media module's words
 */
record Heard(String text, List<String> transcripts, List<String> unreadable) {

    Heard {
        transcripts = List.copyOf(transcripts);
        unreadable = List.copyOf(unreadable);
    }

    /** Something came, and nothing of it could be understood. */
    boolean nothingReadable() {
        return text.isBlank();
    }

    @Override
    public String toString() {
        return "Heard[" + text.length() + " chars, unreadable " + unreadable + "]";
    }
}
