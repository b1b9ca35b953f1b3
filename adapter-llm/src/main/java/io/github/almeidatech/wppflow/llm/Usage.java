package io.github.almeidatech.wppflow.llm;

/** What a call used, or is expected to use at most. */
record Usage(long inputTokens, long outputTokens, double soundSeconds) {

    static final Usage NONE = new Usage(0, 0, 0);

    static Usage tokens(long input, long output) {
        return new Usage(input, output, 0);
    }

    long tokens() {
        return inputTokens + outputTokens;
    }

    /** What may have been billed for a call whose answer never came. */
    Usage inputOnly() {
        return new Usage(inputTokens, 0, soundSeconds);
    }
}
