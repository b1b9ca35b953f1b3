package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.llm.ModelCallListener;
import io.github.almeidatech.wppflow.llm.ModelLimits;
import io.github.almeidatech.wppflow.llm.ModelPrice;
import io.github.almeidatech.wppflow.llm.ModelSettings;
import io.github.almeidatech.wppflow.llm.PriceTable;
import io.github.almeidatech.wppflow.llm.Provider;
import io.github.almeidatech.wppflow.llm.ProviderSettings;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The tenants' language models, as configured. */
public final class Models {

    private Models() {}

    public static LanguageModels of(
            Config config,
            OkHttpClient http,
            SpendLedger ledger,
            Metrics metrics,
            List<ModelCallListener> listeners,
            InstantSource clock) {
        var models = LanguageModels.builder()
                .http(http)
                .clock(clock)
                .ledger(ledger)
                .listener(call -> {
                    metrics.modelCalled(call);
                    listeners.forEach(listener -> listener.called(call));
                });
        var problems = new ArrayList<String>();
        prices(config.llm(), problems).ifPresent(models::prices);
        config.tenants().forEach((id, tenant) -> {
            if (!tenant.models().providers().isEmpty()) {
                try {
                    models.tenant(new TenantId(id), settings(tenant));
                } catch (IllegalArgumentException e) {
                    problems.add("tenants." + id + ".models: " + e.getMessage());
                }
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        LanguageModels all = models.build();
        config.tenants().keySet().forEach(id -> metrics.watchModels(new TenantId(id), all));
        return all;
    }

    /** One tenant's alone, with books of their own. */
    public static LanguageModels of(
            Config.Llm shared,
            TenantId id,
            Config.Tenant tenant,
            OkHttpClient http,
            SpendLedger ledger,
            Metrics metrics,
            InstantSource clock) {
        var models =
                LanguageModels.builder().http(http).clock(clock).ledger(ledger).listener(metrics::modelCalled);
        var problems = new ArrayList<String>();
        prices(shared, problems).ifPresent(models::prices);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        if (!tenant.models().providers().isEmpty()) {
            try {
                models.tenant(id, settings(tenant));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(List.of("models: " + e.getMessage()));
            }
        }
        return models.build();
    }

    private static Optional<PriceTable> prices(Config.Llm llm, List<String> problems) {
        if (llm.priceTable() == null) {
            return Optional.empty();
        }
        try (var text = Files.newBufferedReader(Path.of(llm.priceTable()))) {
            return Optional.of(PriceTable.read(text));
        } catch (IOException | IllegalArgumentException e) {
            problems.add("llm.price_table: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static ModelSettings settings(Config.Tenant tenant) {
        Config.Models models = tenant.models();
        List<ProviderSettings> providers =
                models.providers().stream().map(Models::provider).toList();
        return new ModelSettings(
                providers,
                Language.ofTag(tenant.language()),
                ModelLimits.builder()
                        .timeLimit(models.timeLimit())
                        .intentTimeLimit(models.intentTimeLimit())
                        .maxConcurrent(models.maxConcurrent())
                        .maxPerMinute(models.maxPerMinute())
                        .tokensPerTurn(models.tokensPerTurn())
                        .tokensPerDay(models.tokensPerDay())
                        .tokensPerConversation(models.tokensPerConversation())
                        .dollarsPerDay(BigDecimal.valueOf(models.dollarsPerDay()))
                        .dollarsPerConversation(BigDecimal.valueOf(models.dollarsPerConversation()))
                        .mediaDollarsPerTurn(BigDecimal.valueOf(models.mediaDollarsPerTurn()))
                        .zone(ZoneId.of(tenant.timeZone()))
                        .build(),
                models.maskPersonalNumbers());
    }

    private static ProviderSettings provider(Config.ModelProvider config) {
        var settings = ProviderSettings.of(Provider.named(config.provider()).orElseThrow());
        given(config.apiKey(), key -> settings.apiKey(key::reveal));
        given(config.baseUrl(), settings::baseUrl);
        given(config.chatModel(), settings::chatModel);
        given(config.intentModel(), settings::intentModel);
        given(config.visionModel(), settings::visionModel);
        given(config.transcriptionModel(), settings::transcriptionModel);
        given(config.embeddingModel(), settings::embeddingModel);
        given(config.temperature(), settings::temperature);
        given(config.tokenLimit(), name -> settings.tokenLimit(Provider.TokenLimit.valueOf(upper(name))));
        given(config.jsonMode(), mode -> settings.jsonMode(Provider.JsonMode.valueOf(upper(mode))));
        given(config.price(), price -> settings.price(price(price)));
        given(config.plainHttp(), settings::plainHttp);
        return settings.build();
    }

    private static ModelPrice price(Config.Price price) {
        return new ModelPrice(
                BigDecimal.valueOf(price.input()),
                BigDecimal.valueOf(price.output()),
                price.minute() == null ? BigDecimal.ZERO : BigDecimal.valueOf(price.minute()));
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    private static <T> void given(@Nullable T value, Consumer<T> setting) {
        if (value != null) {
            setting.accept(value);
        }
    }
}
