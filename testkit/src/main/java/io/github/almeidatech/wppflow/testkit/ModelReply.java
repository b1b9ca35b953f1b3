package io.github.almeidatech.wppflow.testkit;

import org.jspecify.annotations.Nullable;

/** What a scripted model answers. Immutable. */
public final class ModelReply {

    enum Kind {
        TEXT,
        CUT,
        REFUSAL,
        FILTERED,
        TOOL,
        ERROR_INSIDE
    }

    private final Kind kind;
    private final @Nullable String text;
    private final @Nullable String tool;
    private final int inputTokens;
    private final int outputTokens;

    private ModelReply(Kind kind, @Nullable String text, @Nullable String tool, int inputTokens, int outputTokens) {
        this.kind = kind;
        this.text = text;
        this.tool = tool;
        this.inputTokens = inputTokens;
        this.outputTokens = outputTokens;
    }

    private static ModelReply of(Kind kind, @Nullable String text) {
        return new ModelReply(kind, text, null, -1, -1);
    }

    /** A finished text. When the caller forced a tool, a text that is JSON becomes that tool's input. */
    public static ModelReply text(String text) {
        return of(Kind.TEXT, text);
    }

    /** Finished, with neither text nor tool call. */
    public static ModelReply nothing() {
        return of(Kind.TEXT, null);
    }

    /** A text that ends because the token limit was reached. */
    public static ModelReply cut(String text) {
        return of(Kind.CUT, text);
    }

    /** The model declines. */
    public static ModelReply refusal(String text) {
        return of(Kind.REFUSAL, text);
    }

    /** The provider's content filter took the text away. */
    public static ModelReply filtered() {
        return of(Kind.FILTERED, null);
    }

    /**
     * A tool call.
     *
     * @param arguments as the model wrote them; may be invalid JSON, which only the OpenAI protocol can carry
     */
    public static ModelReply toolCall(String name, String arguments) {
        return new ModelReply(Kind.TOOL, arguments, name, -1, -1);
    }

    /** Status 200 with an error object inside, as some routers answer when the model behind them fails. */
    public static ModelReply errorInside(String message) {
        return of(Kind.ERROR_INSIDE, message);
    }

    /** The same with these token counts; by default they are estimated from the lengths. */
    public ModelReply usage(int input, int output) {
        return new ModelReply(kind, text, tool, input, output);
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    String text() {
        return text;
    }

    @Nullable
    String tool() {
        return tool;
    }

    int inputTokens(int estimate) {
        return inputTokens < 0 ? estimate : inputTokens;
    }

    int outputTokens() {
        return outputTokens >= 0 ? outputTokens : text == null ? 0 : ScriptedModel.tokens(text);
    }
}
