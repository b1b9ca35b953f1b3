package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.almeidatech.wppflow.llm.Ability;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.llm.LlmError;
import io.github.almeidatech.wppflow.llm.ModelCheck;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");

    @Test
    void every_key_of_a_provider_reaches_its_model() {
        try (LanguageModels models = models(
                "[{provider: compatible, base_url: 'http://10.0.0.7/v1', plain_http: true, api_key: '${env:KEY}', chat_model: a,"
                        + " vision_model: b, transcription_model: c, embedding_model: d, temperature: 0.3}]")) {
            for (Ability ability : Ability.values()) {
                assertThat(models.can(TENANT, ability)).as(ability.word()).isTrue();
            }
        }
    }

    @Test
    void without_providers_there_are_no_models() {
        try (LanguageModels models = models("[]")) {
            assertThat(models.can(TENANT, Ability.ANSWER)).isFalse();
        }
    }

    @Test
    void a_provider_that_cannot_be_is_named_with_its_tenant() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> models("[{provider: compatible, chat_model: a}]"))
                .withMessageContaining("tenants.pet-hotel.models")
                .withMessageContaining("base URL");
    }

    @Test
    void what_a_provider_needs_and_costs_reaches_the_call() {
        try (var model = ScriptedModel.start();
                LanguageModels models = models(
                        "[{provider: compatible, base_url: '" + model.openAiUrl() + "', api_key: '${env:KEY}',"
                                + " chat_model: dear, intent_model: cheap, token_limit: max_completion_tokens,"
                                + " json_mode: prompt, price: {input: 1000, output: 2000, minute: 1}}]",
                        Map.of("KEY", ScriptedModel.KEY))) {
            model.otherwise(ModelReply.text("{\"ok\":true}").usage(10, 5));

            List<ModelCheck> checks = models.check(TENANT);

            assertThat(checks).extracting(ModelCheck::error).containsOnlyNulls();
            assertThat(model.calls())
                    .extracting(call -> call.body().path("model").asText())
                    .containsExactlyInAnyOrder("dear", "cheap");
            assertThat(model.calls()).allSatisfy(call -> {
                assertThat(call.body().has("max_completion_tokens")).isTrue();
                assertThat(call.body().has("response_format")).isFalse();
            });
            assertThat(models.spentToday(TENANT)).isEqualTo(new SpendLedger.Amount(30, 2 * (10 * 1000 + 5 * 2000)));
        }
    }

    @Test
    void the_limits_and_the_price_table_of_the_configuration_count(@TempDir Path folder) throws Exception {
        Path prices = folder.resolve("prices.txt");
        Files.writeString(prices, "date 2026-09-01\nown 1000000 1000000\nother 1 1\n");
        String limits = "WPPFLOW_TENANTS__PET_HOTEL__MODELS__";
        try (var model =
                ScriptedModel.start().otherwise(ModelReply.text("{\"ok\":true}").usage(1, 1))) {
            String providers = "[{provider: compatible, base_url: '" + model.openAiUrl()
                    + "', api_key: '${env:KEY}', chat_model: own}]";
            Map<String, String> more = Map.of(
                    "KEY",
                    ScriptedModel.KEY,
                    "WPPFLOW_LLM__PRICE_TABLE",
                    prices.toString(),
                    limits + "DOLLARS_PER_DAY",
                    "5",
                    limits + "TOKENS_PER_TURN",
                    "100000",
                    limits + "INTENT_TIME_LIMIT",
                    "PT5S",
                    limits + "MAX_CONCURRENT",
                    "2",
                    limits + "MAX_PER_MINUTE",
                    "60");
            try (LanguageModels models = models(providers, more)) {
                assertThat(models.check(TENANT)).extracting(ModelCheck::error).containsOnly(LlmError.OVER_BUDGET);
            }
            assertThat(model.calls()).isEmpty();
        }
    }

    @Test
    void a_price_table_that_cannot_be_read_is_named() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> models("[]", Map.of("WPPFLOW_LLM__PRICE_TABLE", "/nowhere/prices.txt")))
                .withMessageContaining("llm.price_table");
    }

    private static LanguageModels models(String providers) {
        return models(providers, Map.of());
    }

    private static LanguageModels models(String providers, Map<String, String> more) {
        var environment = new HashMap<>(Map.of(
                "TENANT_ID", "pet-hotel",
                "CHATWOOT_BASE_URL", "https://chat.example.com",
                "CHATWOOT_ACCOUNT_ID", "1",
                "CHATWOOT_API_TOKEN", "bot-token",
                "CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot",
                "KEY", "sk-1",
                "WPPFLOW_TENANTS__PET_HOTEL__MODELS__PROVIDERS", providers));
        environment.putAll(more);
        return Models.of(
                new ConfigReader(environment).read(null),
                new OkHttpClient(),
                SpendLedger.inMemory(),
                new Metrics(),
                List.of(),
                InstantSource.system());
    }
}
