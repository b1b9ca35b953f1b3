package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.llm.Provider.JsonMode;
import io.github.almeidatech.wppflow.llm.Provider.TokenLimit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One account at one provider, and which of its models a tenant uses for what. An ability without a model is not asked of
 * this provider. Immutable; holds the key, and never shows it.
 */
public final class ProviderSettings {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");

    private final Provider provider;
    private final HttpUrl baseUrl;
    private final Supplier<String> apiKey;
    private final Map<Ability, String> models;
    private final @Nullable Double temperature;
    private final Dialect dialect;
    private final @Nullable ModelPrice price;

    private ProviderSettings(Builder builder, HttpUrl baseUrl) {
        this.provider = builder.provider;
        this.baseUrl = baseUrl;
        this.apiKey = builder.apiKey;
        this.models = Map.copyOf(builder.models);
        this.temperature = builder.temperature;
        Dialect usual = builder.provider.dialect();
        this.dialect = new Dialect(
                builder.tokenLimit == null ? usual.tokenLimit() : builder.tokenLimit,
                builder.temperature != null,
                builder.jsonMode == null ? usual.jsonMode() : builder.jsonMode);
        this.price = builder.price;
    }

    /** Settings of an account at a provider. */
    public static Builder of(Provider provider) {
        return new Builder(provider);
    }

    /** Whose API is spoken. */
    public Provider provider() {
        return provider;
    }

    /** The model for an ability, if there is one. */
    public Optional<String> model(Ability ability) {
        return Optional.ofNullable(models.get(ability));
    }

    /** The key, or empty for none. Package-private on purpose. */
    String apiKey() {
        return apiKey.get().strip();
    }

    Optional<Double> temperature() {
        return Optional.ofNullable(temperature);
    }

    Dialect dialect() {
        return dialect;
    }

    Optional<ModelPrice> price() {
        return provider.isFree() && price == null ? Optional.of(ModelPrice.FREE) : Optional.ofNullable(price);
    }

    /** Scheme, host and port: calls to the same place pass the same gate. */
    String origin() {
        return baseUrl.scheme() + "://" + baseUrl.host() + ":" + baseUrl.port();
    }

    /** Joined segment by segment: resolving {@code /chat} against {@code …/v1} would lose the {@code v1}. */
    HttpUrl url(String path, String model) {
        var url = baseUrl.newBuilder();
        for (int i = 0; i < baseUrl.pathSize(); i++) {
            if (baseUrl.pathSegments().get(i).equals("{model}")) {
                url.setPathSegment(i, model);
            }
        }
        int last = baseUrl.pathSize() - 1;
        if (baseUrl.pathSegments().get(last).isEmpty()) {
            url.removePathSegment(last--);
        }
        if (last >= 0 && baseUrl.pathSegments().get(last).equals("v1") && path.startsWith("v1/")) {
            url.removePathSegment(last);
        }
        return url.addPathSegments(path).build();
    }

    @Override
    public String toString() {
        return "ProviderSettings[" + provider.word() + ", " + baseUrl.host() + ", " + models + ", key "
                + (apiKey().isEmpty() ? "none" : "***") + "]";
    }

    /** Collects the settings; {@link #build} checks them together. */
    public static final class Builder {

        private final Provider provider;
        private final Map<Ability, String> models = new EnumMap<>(Ability.class);
        private @Nullable String baseUrl;
        private Supplier<String> apiKey = () -> "";
        private @Nullable Double temperature;
        private @Nullable TokenLimit tokenLimit;
        private @Nullable JsonMode jsonMode;
        private @Nullable ModelPrice price;
        private boolean plainHttp;

        private Builder(Provider provider) {
            this.provider = provider;
            this.baseUrl = provider.defaultBaseUrl().orElse(null);
        }

        /**
         * Where the API is, up to and including {@code /v1}; the provider's own by default. {@code {model}} as a part of
         * its path is replaced by the model; a query such as {@code ?api-version=…} is kept.
         */
        public Builder baseUrl(String url) {
            this.baseUrl = url;
            return this;
        }

        /** The key; none by default, which only servers of one's own accept. */
        public Builder apiKey(String key) {
            return apiKey(() -> key);
        }

        /** A key that may be replaced: it is asked for with each call, and must not block. */
        public Builder apiKey(Supplier<String> key) {
            this.apiKey = key;
            return this;
        }

        /** The model that writes answers and tells intents apart. */
        public Builder chatModel(String model) {
            models.put(Ability.ANSWER, model);
            models.putIfAbsent(Ability.CLASSIFY, model);
            return this;
        }

        /** A cheaper model for telling intents apart; {@link #chatModel} by default. */
        public Builder intentModel(String model) {
            models.put(Ability.CLASSIFY, model);
            return this;
        }

        /** The model that looks at pictures; none by default. */
        public Builder visionModel(String model) {
            models.put(Ability.DESCRIBE, model);
            return this;
        }

        /** The model that listens to voice notes; none by default. */
        public Builder transcriptionModel(String model) {
            models.put(Ability.TRANSCRIBE, model);
            return this;
        }

        /** The model that turns texts into vectors; none by default. Another one makes stored vectors worthless. */
        public Builder embeddingModel(String model) {
            models.put(Ability.EMBED, model);
            return this;
        }

        /** 0 to 2, Anthropic to 1; not sent by default, because some models refuse it. */
        public Builder temperature(double value) {
            this.temperature = value;
            return this;
        }

        /** What the limit of the answer's length is called; the provider's usual name by default. */
        public Builder tokenLimit(TokenLimit name) {
            this.tokenLimit = name;
            return this;
        }

        /** How the model is made to answer in JSON; the provider's usual way by default. */
        public Builder jsonMode(JsonMode mode) {
            this.jsonMode = mode;
            return this;
        }

        /** What its chat and picture calls cost; looked up in the {@link PriceTable} by default, Ollama is free. */
        public Builder price(ModelPrice each) {
            this.price = each;
            return this;
        }

        /** Permits {@code http://} to another machine; not permitted by default. */
        public Builder plainHttp(boolean permitted) {
            this.plainHttp = permitted;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException saying what is missing or wrong, without the key
         */
        public ProviderSettings build() {
            if (models.isEmpty()) {
                throw new IllegalArgumentException("a model of " + provider.word() + " wanted");
            }
            models.forEach((ability, model) -> {
                if (model.isBlank()) {
                    throw new IllegalArgumentException("the model to " + ability.word() + " is blank");
                }
                if (!provider.can(ability)) {
                    throw new IllegalArgumentException(provider.word() + " cannot " + ability.word());
                }
            });
            double highest = provider == Provider.ANTHROPIC ? 1 : 2;
            if (temperature != null && !(temperature >= 0 && temperature <= highest)) {
                throw new IllegalArgumentException(
                        "a temperature within 0 to " + highest + " wanted, not " + temperature);
            }
            if ((provider == Provider.ANTHROPIC) != (jsonMode == JsonMode.TOOL) && jsonMode != null) {
                throw new IllegalArgumentException(jsonMode + " is not how " + provider.word() + " makes JSON");
            }
            if (apiKey.get().strip().chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IllegalArgumentException("the key has characters no key has");
            }
            return new ProviderSettings(this, address());
        }

        private HttpUrl address() {
            HttpUrl url = baseUrl == null ? null : HttpUrl.parse(baseUrl);
            if (url == null) {
                throw new IllegalArgumentException(
                        "a base URL for " + provider.word() + " wanted, such as https://host/v1");
            }
            if (!url.username().isEmpty() || !url.password().isEmpty() || url.fragment() != null) {
                throw new IllegalArgumentException("a base URL without user, password and fragment wanted");
            }
            if (!url.isHttps() && !plainHttp && !THIS_MACHINE.contains(url.host())) {
                throw new IllegalArgumentException("https wanted for " + url.host() + ", or plainHttp permitted");
            }
            return url;
        }
    }
}
