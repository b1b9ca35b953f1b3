package io.github.almeidatech.wppflow.model;

/** A stable word for a kind of failure. Each module has an enum of its own. */
public interface ErrorCode {

    /** Such as {@code ERR_CHATWOOT_API}; part of the HTTP API. */
    String code();

    /** Whether the same call may succeed later. */
    boolean retryable();

    /** The most exact word there is for it, such as {@code over_budget}, for events and explanations; else the code. */
    default String word() {
        return code();
    }
}
