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

    LlmException(LlmError error, Ability ability, String detail, @Nullable Throwable cause, @Nullable Duration wait) {
        super(
                error.during(ability),
                ability.word() + ": " + error.word() + (detail.isEmpty() ? "" : " (" + detail + ")"),
                cause,
                wait);
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

    /** The parameter or code the provider named; letters, digits, dots, dashes and underscores only. May be empty. */
    String detail() {
        return detail;
    }
}
