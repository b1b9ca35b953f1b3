package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A language model could not be had, or did not do what it was asked. Says nothing of what was sent or answered. */
public final class LlmException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final LlmError error;
    private final Ability ability;
    private final String detail;
    private final transient Told told;

    /**
     * What an answer says beside its error.
     *
     * @param explicit whether it is the provider's own word that nothing was done, not a page of something in between
     * @param again false when the provider says that the same request is useless
     * @param requestId the provider's name for the call, for its support; may be empty
     */
    record Told(boolean explicit, boolean again, String requestId) {
        static final Told NOTHING = new Told(false, true, "");
    }

    LlmException(LlmError error, Ability ability, String detail, @Nullable Throwable cause, @Nullable Duration wait) {
        this(error, ability, detail, cause, wait, Told.NOTHING);
    }

    LlmException(
            LlmError error,
            Ability ability,
            String detail,
            @Nullable Throwable cause,
            @Nullable Duration wait,
            Told told) {
        super(
                error.during(ability),
                ability.word() + ": " + error.word() + (detail.isEmpty() ? "" : " (" + detail + ")")
                        + (told.requestId().isEmpty() ? "" : ", request " + told.requestId()),
                cause,
                wait);
        this.told = told;
        this.error = error;
        this.ability = ability;
        this.detail = detail;
    }

    static LlmException of(LlmError error, Ability ability, String detail) {
        return new LlmException(error, ability, detail, null, null);
    }

    /** What happened. */
    public LlmError error() {
        return error;
    }

    /** What was tried. */
    public Ability ability() {
        return ability;
    }

    /** What the answer said beside the error. */
    Told told() {
        return told;
    }

    /** The parameter or code the provider named; letters, digits, dots, dashes and underscores only. May be empty. */
    String detail() {
        return detail;
    }
}
