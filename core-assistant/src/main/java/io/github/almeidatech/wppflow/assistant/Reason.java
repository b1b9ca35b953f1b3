package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.Language;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Why a turn ended as it did. The words are part of the event log and the API. */
public enum Reason {
    /** The knowledge base had the answer and was quoted. */
    KNOWLEDGE,
    /** A model put what the knowledge base says into words. */
    WRITTEN,
    /** A program outside, such as an n8n workflow, answered. */
    WORKFLOW,
    /** A program outside called a person. */
    WORKFLOW_HANDOFF,
    /** A program outside decided to say nothing; its own reason is in its {@code workflow.answered} event. */
    WORKFLOW_SILENT,
    /** A program outside gave no answer, and the tenant wants a person then. */
    WORKFLOW_FAILED,
    /** A greeting was greeted back. */
    GREETING,
    /** Asked whether it is a robot: said so. */
    IDENTITY,
    /** The message said too little: asked for more, once. */
    CLARIFICATION,
    /** What was sent could not be read: asked to write it, once. */
    ASKED_TO_WRITE,
    /** The customer asked for no more automatic messages; confirmed. */
    OPTED_OUT,
    /** The customer, who had opted out, wants automatic messages again; confirmed. */
    OPTED_IN,
    /** The customer asked for a person. */
    CUSTOMER_ASKED,
    /** It sounds urgent. */
    URGENT,
    /** A complaint: people answer those. */
    COMPLAINT,
    /** The knowledge base has no good answer. */
    NO_ANSWER,
    /** How something of the customer's own is doing: people look that up. */
    OWN_CASE,
    /** Something is to be booked, ordered, cancelled or moved: people do that; what the knowledge base says of it was told. */
    ACTION_WANTED,
    /** Not understood, and asked for more already, or the intent is drafted. */
    NOT_UNDERSTOOD,
    /** Nothing readable, and asked to write already, or the intent is drafted. */
    UNREADABLE_MEDIA,
    /** The intent is one that people answer. */
    INTENT_OFF,
    /** At these hours people answer. */
    OFF_HOURS,
    /** Automatic replies are switched off for this tenant: people answer. */
    BOT_OFF,
    /** The contact once asked for no automatic messages. */
    CONTACT_OPTED_OUT,
    /** The message had waited too long to be answered automatically. */
    STALE,
    /** More automatic replies than a conversation may get: probably two programs talking. */
    TOO_MANY_REPLIES,
    /** The customer keeps saying the same. */
    REPEATED,
    /** The database was restored from a backup, and Chatwoot shows an answer that it does not know of. */
    ANSWERED_BEFORE_RESTORE,
    /** Our own words came back as the customer's. */
    OWN_ECHO,
    /** The contact is on the tenant's deny list. */
    CONTACT_DENIED,
    /** The tenant answers only contacts on its allow list. */
    CONTACT_NOT_ALLOWED,
    /** We failed, for the last time. */
    TECHNICAL_FAILURE,
    /** Only thanks: nothing to answer. */
    THANKS_ONLY,
    /** The answer was left as a private note for a person to send. */
    DRAFT;

    private static final Map<Language, Properties> CLAUSES = Phrases.load("reasons");

    /** The reason with a lower-case word. */
    public static Optional<Reason> of(String word) {
        return Stream.of(values()).filter(reason -> reason.word().equals(word)).findFirst();
    }

    /** The reason as a clause for people, such as "it sounds urgent". */
    public String clause(Language language) {
        return Objects.requireNonNull(
                Objects.requireNonNull(CLAUSES.get(language)).getProperty(word()), word());
    }

    /** The lower-case word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
