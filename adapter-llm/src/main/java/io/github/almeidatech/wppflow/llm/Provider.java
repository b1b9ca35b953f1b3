package io.github.almeidatech.wppflow.llm;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose API is spoken: what is usual there. Everything can be set otherwise in {@link ProviderSettings}. */
public enum Provider {
    /** OpenAI itself. */
    OPENAI(
            "https://api.openai.com/v1",
            Auth.BEARER,
            new Dialect(TokenLimit.MAX_COMPLETION_TOKENS, true, JsonMode.SCHEMA)),
    /**
     * Azure OpenAI; the base URL is the resource's: {@code https://NAME.openai.azure.com/openai/v1}, or
     * {@code …/openai/deployments/{model}?api-version=…}.
     */
    AZURE(null, Auth.API_KEY, new Dialect(TokenLimit.MAX_COMPLETION_TOKENS, true, JsonMode.SCHEMA)),
    /** OpenRouter; no transcription. */
    OPENROUTER("https://openrouter.ai/api/v1", Auth.BEARER, new Dialect(TokenLimit.MAX_TOKENS, true, JsonMode.SCHEMA)),
    /** Groq; no embeddings. */
    GROQ(
            "https://api.groq.com/openai/v1",
            Auth.BEARER,
            new Dialect(TokenLimit.MAX_COMPLETION_TOKENS, true, JsonMode.OBJECT)),
    /** Google's Gemini through its OpenAI-compatible API; no transcription. */
    GEMINI(
            "https://generativelanguage.googleapis.com/v1beta/openai",
            Auth.BEARER,
            new Dialect(TokenLimit.MAX_TOKENS, true, JsonMode.SCHEMA)),
    /** Ollama on this machine. Costs nothing. */
    OLLAMA("http://localhost:11434/v1", Auth.BEARER, new Dialect(TokenLimit.MAX_TOKENS, true, JsonMode.SCHEMA)),
    /** Anything else that speaks OpenAI's protocol: vLLM, LiteLLM, LM Studio, LocalAI. */
    COMPATIBLE(null, Auth.BEARER, new Dialect(TokenLimit.MAX_TOKENS, true, JsonMode.SCHEMA)),
    /** Anthropic's Messages API; no transcription, no embeddings. */
    ANTHROPIC("https://api.anthropic.com", Auth.X_API_KEY, new Dialect(TokenLimit.MAX_TOKENS, true, JsonMode.TOOL));

    private final @Nullable String baseUrl;
    private final Auth auth;
    private final Dialect dialect;

    Provider(@Nullable String baseUrl, Auth auth, Dialect dialect) {
        this.baseUrl = baseUrl;
        this.auth = auth;
        this.dialect = dialect;
    }

    /** The provider a word such as {@code openai} or {@code Anthropic} names. */
    public static Optional<Provider> named(String word) {
        for (Provider each : values()) {
            if (each.name().equals(word.strip().toUpperCase(Locale.ROOT))) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** The lower-case word, for configuration, metrics and logs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where its API is, unless each customer has an address of its own. */
    public Optional<String> defaultBaseUrl() {
        return Optional.ofNullable(baseUrl);
    }

    Auth auth() {
        return auth;
    }

    Dialect dialect() {
        return dialect;
    }

    /** What it means by 403: OpenRouter that the message did not pass its moderation, all others that the key may not do this. */
    LlmError forbidden() {
        return this == OPENROUTER ? LlmError.REFUSED : LlmError.UNAUTHORIZED;
    }

    boolean isFree() {
        return this == OLLAMA;
    }

    /** Whether it offers the ability at all. */
    boolean can(Ability ability) {
        return switch (ability) {
            case ANSWER, CLASSIFY, DESCRIBE -> true;
            case TRANSCRIBE, EMBED -> this != ANTHROPIC;
        };
    }

    /** How the key is shown. */
    enum Auth {
        BEARER,
        API_KEY,
        X_API_KEY
    }

    /** What the limit of the answer's length is called. */
    public enum TokenLimit {
        /** OpenAI's newer models refuse any other. */
        MAX_COMPLETION_TOKENS,
        /** Many compatible servers know no other. */
        MAX_TOKENS;

        String field() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How the model is made to answer in JSON. */
    public enum JsonMode {
        /** {@code response_format} with a schema. */
        SCHEMA,
        /** {@code response_format} without; the schema is in the prompt. */
        OBJECT,
        /** By the prompt alone. */
        PROMPT,
        /** A tool that must be called; Anthropic's only way that every model of theirs knows. */
        TOOL
    }
}
