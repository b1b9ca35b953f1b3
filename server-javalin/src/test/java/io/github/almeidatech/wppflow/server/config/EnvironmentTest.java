package io.github.almeidatech.wppflow.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One tenant by variables alone. */
class EnvironmentTest {

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "TENANT_ID", "pet-hotel",
            "CHATWOOT_BASE_URL", "https://chat.example.com",
            "CHATWOOT_ACCOUNT_ID", "1",
            "CHATWOOT_API_TOKEN", "bot-token",
            "CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot"));

    @Test
    void the_tenants_name_is_its_id_unless_given() {
        assertThat(tenant().name()).isEqualTo("pet-hotel");
        environment.put("TENANT_NAME", "Hotel Patas");
        assertThat(tenant().name()).isEqualTo("Hotel Patas");
    }

    @Test
    void openai_answers_looks_and_listens_with_one_key() {
        environment.put("LLM_PROVIDER", "OpenAI");
        environment.put("OPENAI_API_KEY", "sk-1");
        environment.put("LLM_TEMPERATURE", "0.2");

        Config.ModelProvider provider = onlyProvider();

        assertThat(provider.provider()).isEqualTo("openai");
        assertThat(provider.apiKey()).isEqualTo(new Secret("sk-1"));
        assertThat(provider.chatModel()).isEqualTo(provider.visionModel()).isEqualTo("gpt-4.1-mini");
        assertThat(provider.transcriptionModel()).isNotBlank();
        assertThat(provider.temperature()).isEqualTo(0.2);
    }

    @Test
    void anthropic_answers_and_an_openai_key_beside_it_listens() {
        environment.put("LLM_PROVIDER", "anthropic");
        environment.put("LLM_MODEL", "claude-sonnet-4-5");
        environment.put("ANTHROPIC_API_KEY", "sk-2");
        assertThat(onlyProvider().chatModel()).isEqualTo("claude-sonnet-4-5");
        assertThat(onlyProvider().transcriptionModel()).isNull();

        environment.put("OPENAI_API_KEY", "sk-1");

        List<Config.ModelProvider> both = tenant().models().providers();
        assertThat(both).extracting(Config.ModelProvider::provider).containsExactly("anthropic", "openai");
        assertThat(both.get(1).chatModel()).isNull();
    }

    @Test
    void a_bare_off_means_off() {
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__ROUTING__INTENTS__SALES__MODE", "off");

        assertThat(tenant().routing().intents().get("sales").mode()).isEqualTo("off");
    }

    @Test
    void the_passphrase_of_backups_stands_in_its_variable_or_where_that_points() {
        environment.put("WPPFLOW_STORAGE__BACKUP_KEY", "a-passphrase-of-many-words");
        assertThat(config().storage().backupKey()).isEqualTo(new Secret("a-passphrase-of-many-words"));

        environment.put("WPPFLOW_STORAGE__BACKUP_KEY", "${env:PASSPHRASE}");
        environment.put("PASSPHRASE", "another-passphrase-of-words");
        assertThat(config().storage().backupKey()).isEqualTo(new Secret("another-passphrase-of-words"));
    }

    @Test
    void a_list_of_secrets_takes_references_and_a_map_is_set_entry_by_entry() {
        environment.put("HOOK", "a-secret-of-the-account-webhook");
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__ACCOUNT_SECRETS", "[\"${env:HOOK}\"]");
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__REPLIES__PHRASES__GREETING", "Oi!");
        assertThat(tenant().webhooks().accountSecrets()).containsExactly(new Secret("a-secret-of-the-account-webhook"));
        assertThat(tenant().replies().phrases()).containsEntry("greeting", "Oi!");

        environment.put("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__ACCOUNT_SECRETS", "[a-secret-of-the-account-webhook]");
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__HOURS__OPEN", "{mon-fri: [\"08:00-18:00\"]}");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(this::tenant)
                .withMessageContaining("account_secrets[0]: secrets only by reference")
                .withMessageContaining("hours.open: keys and values wanted");
    }

    @Test
    void without_a_provider_everything_is_offline() {
        assertThat(tenant().models().providers()).isEmpty();
        environment.put("LLM_PROVIDER", " ");
        assertThat(tenant().models().providers()).isEmpty();
    }

    @Test
    void wrong_values_are_named_together() {
        environment.put("LLM_PROVIDER", "oracle");
        environment.put("PORT", "many");
        environment.put("AUTO_ASSIGN", "perhaps");
        environment.put("WPPFLOW_SERVER__PORT__NUMBER", "5");
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__INBOXES", "five");
        environment.put(
                "WPPFLOW_TENANTS__PET_HOTEL__MODELS__PROVIDERS",
                "[{provider: openai, api_key: sk-in-clear, temperature: warm, plain_http: 1}]");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(this::tenant)
                .withMessageContaining("LLM_PROVIDER: openai or anthropic wanted")
                .withMessageContaining("server.port: a whole number wanted")
                .withMessageContaining("auto_assign: true or false wanted")
                .withMessageContaining("WPPFLOW_SERVER__PORT__NUMBER")
                .withMessageContaining("inboxes: a list wanted")
                .withMessageContaining("secrets only by reference")
                .withMessageContaining("temperature: a number wanted")
                .withMessageContaining("plain_http: true or false wanted");
    }

    @Test
    void a_missing_key_of_a_provider_is_named() {
        environment.put("LLM_PROVIDER", "openai");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(this::tenant)
                .withMessageContaining("env OPENAI_API_KEY is not there or empty");
    }

    @Test
    void rules_between_keys_are_checked() {
        environment.put("CHATWOOT_WEBHOOK_SECRET", "short");
        environment.put("WPPFLOW_API_TOKEN", "short");
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__TIME_ZONE", "Mars/Olympus");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(this::tenant)
                .withMessageContaining("time_zone: such as America/Sao_Paulo wanted")
                .withMessageContaining("at least 24 characters");

        environment.put("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__MODE", "path_secret");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(this::tenant)
                .withMessageContaining("path_secret: missing");
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__WEBHOOKS__PATH_SECRET", "short");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(this::tenant)
                .withMessageContaining("path_secret: at least 24");
    }

    private Config.ModelProvider onlyProvider() {
        assertThat(tenant().models().providers()).hasSize(1);
        return tenant().models().providers().get(0);
    }

    private Config.Tenant tenant() {
        return config().tenants().get("pet-hotel");
    }

    private Config config() {
        return new ConfigReader(environment).read(null);
    }
}
