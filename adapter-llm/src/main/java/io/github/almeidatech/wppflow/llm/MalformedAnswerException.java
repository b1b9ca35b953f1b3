package io.github.almeidatech.wppflow.llm;

import java.io.Serial;

/** An answer, or the model's words in it, is not what was asked for. Carries words of ours only, nothing of the answer. */
final class MalformedAnswerException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final LlmError error;
    private final String problem;

    MalformedAnswerException(LlmError error, String problem) {
        super(problem);
        this.error = error;
        this.problem = problem;
    }

    /** The protocol was not kept. */
    static MalformedAnswerException unreadable(String problem) {
        return new MalformedAnswerException(LlmError.UNREADABLE_ANSWER, problem);
    }

    /** The protocol was kept, but the model wrote something else. */
    static MalformedAnswerException invalid(String problem) {
        return new MalformedAnswerException(LlmError.INVALID_ANSWER, problem);
    }

    LlmError error() {
        return error;
    }

    /** What is wrong, in English; told to the model in the second attempt. */
    String problem() {
        return problem;
    }
}
