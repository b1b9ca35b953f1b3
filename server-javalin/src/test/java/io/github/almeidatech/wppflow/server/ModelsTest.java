package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.almeidatech.wppflow.llm.Ability;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

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

    private static LanguageModels models(String providers) {
        var environment = new HashMap<>(Map.of(
                "TENANT_ID", "pet-hotel",
                "CHATWOOT_BASE_URL", "https://chat.example.com",
                "CHATWOOT_ACCOUNT_ID", "1",
                "CHATWOOT_API_TOKEN", "bot-token",
                "CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot",
                "KEY", "sk-1",
                "WPPFLOW_TENANTS__PET_HOTEL__MODELS__PROVIDERS", providers));
        return Models.of(
                new ConfigReader(environment).read(null), new OkHttpClient(), new Metrics(), InstantSource.system());
    }
}
