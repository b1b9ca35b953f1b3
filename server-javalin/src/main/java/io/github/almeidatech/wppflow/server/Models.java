package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.llm.ModelLimits;
import io.github.almeidatech.wppflow.llm.ModelSettings;
import io.github.almeidatech.wppflow.llm.Provider;
import io.github.almeidatech.wppflow.llm.ProviderSettings;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;

/** The tenants' language models, as configured. */
final class Models {

    private Models() {}

    static LanguageModels of(Config config, OkHttpClient http, Metrics metrics, InstantSource clock) {
        var models = LanguageModels.builder().http(http).clock(clock).listener(metrics::modelCalled);
        var problems = new ArrayList<String>();
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
        return models.build();
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
                        .tokensPerDay(models.tokensPerDay())
                        .tokensPerConversation(models.tokensPerConversation())
                        .dollarsPerDay(BigDecimal.valueOf(models.dollarsPerDay()))
                        .zone(ZoneId.of(tenant.timeZone()))
                        .build(),
                models.maskPersonalNumbers());
    }

    private static ProviderSettings provider(Config.ModelProvider config) {
        var settings = ProviderSettings.of(Provider.named(config.provider()).orElseThrow());
        if (config.apiKey() != null) {
            settings.apiKey(config.apiKey().reveal());
        }
        if (config.baseUrl() != null) {
            settings.baseUrl(config.baseUrl());
        }
        if (config.chatModel() != null) {
            settings.chatModel(config.chatModel());
        }
        if (config.visionModel() != null) {
            settings.visionModel(config.visionModel());
        }
        if (config.transcriptionModel() != null) {
            settings.transcriptionModel(config.transcriptionModel());
        }
        if (config.embeddingModel() != null) {
            settings.embeddingModel(config.embeddingModel());
        }
        if (config.temperature() != null) {
            settings.temperature(config.temperature());
        }
        if (config.plainHttp() != null) {
            settings.plainHttp(config.plainHttp());
        }
        return settings.build();
    }
}
