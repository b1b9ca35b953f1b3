package io.github.almeidatech.wppflow.baserow;

/** What a column of the events table can hold. */
public enum EventColumn {
    /** The event's id: text, best unique. Required, because it keeps an event from being written twice. */
    ID("event_id"),
    TENANT("tenant_id"),
    /** Whom it is about. */
    PERSON("contact_id"),
    TYPE("event_type"),
    /** A JSON object as text. */
    PAYLOAD("payload"),
    /** When: a date with time, a number of milliseconds, or text. */
    TIME("timestamp"),
    CONVERSATION("conversation_id"),
    /** {@code customer}, {@code bot}, {@code person}, {@code rule} or {@code system}. */
    SOURCE("source"),
    CONFIDENCE("confidence"),
    CAUSE("cause_id"),
    DEPTH("depth");

    private final String usualName;

    EventColumn(String usualName) {
        this.usualName = usualName;
    }

    /** The name it has when nothing else is said. */
    public String usualName() {
        return usualName;
    }
}
