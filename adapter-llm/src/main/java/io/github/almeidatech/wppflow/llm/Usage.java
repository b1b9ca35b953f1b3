package io.github.almeidatech.wppflow.llm;

/** What a call used, or is expected to use at most. Counts come from outside: absurd ones are brought within bounds. */
record Usage(long inputTokens, long outputTokens, double soundSeconds) {

    static final Usage NONE = new Usage(0, 0, 0);

    private static final int MOST = 20_000_000;

    Usage {
        inputTokens = Math.max(0, Math.min(MOST, inputTokens));
        outputTokens = Math.max(0, Math.min(MOST, outputTokens));
        soundSeconds = Math.max(0, Math.min(MOST, soundSeconds));
    }

    static Usage tokens(long input, long output) {
        return new Usage(input, output, 0);
    }

    long tokens() {
        return inputTokens + outputTokens;
    }
}
