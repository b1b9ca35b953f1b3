package io.github.almeidatech.wppflow.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static final String TENANT = """
            tenants:
              pet-hotel:
                name: Hotel Pet
                chatwoot:
                  base_url: https://chat.example.com
                  account_id: 1
                  bot_token: ${env:BOT}
                webhooks:
                  agent_bot_secrets: ["${env:HOOK}"]
            """;
    private static final Map<String, String> SECRETS =
            Map.of("BOT", "a-bot-token-of-chatwoot", "HOOK", "a-webhook-secret-of-chatwoot");

    @TempDir
    private Path folder;

    @Test
    void a_tenant_with_only_the_required_keys_gets_every_default() throws IOException {
        Config config = read(TENANT, SECRETS);

        Config.Tenant tenant = config.tenants().get("pet-hotel");
        assertThat(config.server().port()).isEqualTo(3000);
        assertThat(tenant.turns())
                .isEqualTo(new Config.Turns(
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(30),
                        20,
                        null,
                        List.of(),
                        Duration.ofMinutes(30),
                        Map.of(),
                        Map.of()));
        assertThat(tenant.webhooks().agentBotSecrets()).containsExactly(new Secret("a-webhook-secret-of-chatwoot"));
        assertThat(tenant.chatwoot().ownership()).isEqualTo("agent-bot");
    }

    @Test
    void a_reference_may_lead_to_a_number_also_where_text_is_wanted() throws IOException {
        var environment = new HashMap<>(SECRETS);
        environment.put("ACCOUNT", "7");
        environment.put("NAME", "2024");
        String file = TENANT.replace("account_id: 1", "account_id: ${env:ACCOUNT}")
                .replace("name: Hotel Pet", "name: ${env:NAME}");

        Config.Tenant tenant = read(file, environment).tenants().get("pet-hotel");

        assertThat(tenant.chatwoot().accountId()).isEqualTo(7);
        assertThat(tenant.name()).isEqualTo("2024");
    }

    @Test
    void an_address_that_is_blank_is_not_taken_for_any_address() throws IOException {
        for (String blank : List.of("''", "' '")) {
            String file =
                    TENANT.replace("    webhooks:\n", "    webhooks:\n      addresses: [203.0.113.7, " + blank + "]\n");

            assertThat(file).contains("addresses");
            assertThatThrownBy(() -> read(file, SECRETS))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("webhooks.addresses[1]: an address such as 203.0.113.7");
        }
    }

    @Test
    void the_recipe_is_served_with_the_variables_it_names() throws IOException {
        Path recipe = Path.of("").toAbsolutePath().getParent().resolve("docs/recipes/pet-hotel/wppflow.yaml");
        var environment = new HashMap<String, String>();
        Matcher named = Pattern.compile("\\$\\{env:(\\w+)}").matcher(Files.readString(recipe));
        while (named.find()) {
            environment.put(named.group(1), "a-value-of-at-least-24-characters");
        }
        environment.put("CHATWOOT_BASE_URL", "https://chat.example.com");
        environment.put("CHATWOOT_ACCOUNT_ID", "1");

        Config config = new ConfigReader(environment).read(recipe);

        assertThat(environment).hasSize(7);
        assertThat(config.tenants().get("pet-hotel").chatwoot().accountId()).isEqualTo(1);
    }

    private static final String TWO_TENANTS = TENANT + """
              clinica:
                name: Clínica Inventada
                chatwoot:
                  base_url: https://chat.example.com
                  account_id: 2
                  bot_token: ${env:CLINIC_BOT}
                webhooks:
                  agent_bot_secrets: ["${env:CLINIC_HOOK}"]
                retention: {messages: P20D}
            api:
              tokens:
                - {name: clinic, tenant: clinica, token: "${env:CLINIC_TOKEN}", scopes: [read]}
                - {name: hotel, tenant: pet-hotel, token: "${env:TOKEN}", scopes: [read]}
            """;

    @Test
    void a_tenant_without_a_sound_webhook_secret_is_left_out_and_the_others_start() throws IOException {
        var environment = new HashMap<>(SECRETS);
        environment.put("CLINIC_BOT", "another-bot-token-of-chatwoot");
        environment.put("CLINIC_TOKEN", "an-api-token-of-the-clinic-1");
        environment.put("TOKEN", "an-api-token-of-the-hotel-01");
        Path file = Files.writeString(folder.resolve("wppflow.yaml"), TWO_TENANTS);

        for (String secret : List.of("too-short", "")) {
            environment.put("CLINIC_HOOK", secret);
            ConfigReader.Startable startable = new ConfigReader(environment).readStartable(file);

            assertThat(startable.config().tenants()).containsOnlyKeys("pet-hotel");
            assertThat(startable.config().api().tokens())
                    .extracting(Config.Token::name)
                    .containsExactly("hotel");
            assertThat(startable.notStarted()).containsOnlyKeys("clinica");
            assertThat(startable.notStarted().get("clinica"))
                    .startsWith("tenants.clinica.webhooks.agent_bot_secrets")
                    .doesNotContain("too-short");
        }
        environment.put("CLINIC_HOOK", "a-webhook-secret-of-the-clinic");
        assertThat(new ConfigReader(environment).readStartable(file).notStarted())
                .isEmpty();
    }

    @Test
    void whatever_else_is_wrong_with_a_tenant_whose_webhooks_are_it_alone_is_left_out() throws IOException {
        Path two = Files.writeString(
                folder.resolve("two.yaml"),
                TWO_TENANTS.replace(
                        "retention:", "phone_region: nowhere\n    time_zone: Mars/Olympus\n    retention:"));
        Path three = Files.writeString(folder.resolve("three.yaml"), TWO_TENANTS.replace("api:", """
                  escola:
                    name: Escola Inventada
                    chatwoot: {base_url: "https://chat.example.com", account_id: 3, bot_token: "${env:SCHOOL_BOT}"}
                    webhooks: {agent_bot_secrets: ["${env:SCHOOL_HOOK}"]}
                api:"""));
        var environment = new HashMap<>(SECRETS);
        environment.put("CLINIC_BOT", "another-bot-token-of-chatwoot");
        environment.put("SCHOOL_BOT", "a-third-bot-token-of-chatwoot");
        environment.put("CLINIC_TOKEN", "an-api-token-of-the-clinic-1");
        environment.put("TOKEN", "an-api-token-of-the-hotel-01");

        for (String secret : List.of("too-short", "")) {
            environment.put("CLINIC_HOOK", secret);
            ConfigReader.Startable startable = new ConfigReader(environment).readStartable(two);

            assertThat(startable.config().tenants()).containsOnlyKeys("pet-hotel");
            assertThat(startable.notStarted().get("clinica")).contains("webhooks.agent_bot_secrets");
        }
        environment.put("CLINIC_HOOK", "");
        Path unresolved =
                Files.writeString(folder.resolve("unresolved.yaml"), TWO_TENANTS.replace("P20D", "\"${env:KEEP}\""));
        assertThat(new ConfigReader(environment).readStartable(unresolved).notStarted())
                .as("its settings are not even read")
                .containsOnlyKeys("clinica");
        environment.put("SCHOOL_HOOK", "too-short");
        assertThat(new ConfigReader(environment).readStartable(three).notStarted())
                .as("one is seen by what is not there, the other by what does not fit")
                .containsOnlyKeys("clinica", "escola");
    }

    @Test
    void what_is_wrong_beside_webhooks_or_with_every_tenant_still_stops_the_start() throws IOException {
        Path two = Files.writeString(folder.resolve("two.yaml"), TWO_TENANTS);
        Path one = Files.writeString(folder.resolve("one.yaml"), TENANT);
        var missing = new HashMap<>(SECRETS);
        missing.put("CLINIC_HOOK", "too-short");

        assertThatThrownBy(() -> new ConfigReader(missing).readStartable(two))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("CLINIC_BOT");
        assertThatThrownBy(() -> new ConfigReader(Map.of("BOT", "a-bot-token-of-chatwoot", "HOOK", "too-short"))
                        .readStartable(one))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("agent_bot_secrets");

        var shared = new HashMap<>(SECRETS);
        shared.put("CLINIC_BOT", "another-bot-token-of-chatwoot");
        shared.put("CLINIC_HOOK", shared.get("HOOK"));
        shared.put("CLINIC_TOKEN", "an-api-token-of-the-clinic-1");
        shared.put("TOKEN", "an-api-token-of-the-hotel-01");
        assertThatThrownBy(() -> new ConfigReader(shared).readStartable(two))
                .as("nobody knows whose it is")
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("shares a secret with tenant");
    }

    @Test
    void without_a_file_and_variables_there_is_a_server_without_tenants() {
        assertThat(new ConfigReader(Map.of()).read(null).tenants()).isEmpty();
    }

    @Test
    void one_tenant_runs_from_variables_alone() {
        var environment = new HashMap<String, String>();
        environment.put("TENANT_ID", "pet-hotel");
        environment.put("TENANT_NAME", "Hotel Pet");
        environment.put("CHATWOOT_ACCOUNT_ID", "7");
        environment.put("CHATWOOT_BASE_URL", "https://chat.example.com");
        environment.put("CHATWOOT_API_TOKEN", "a-bot-token-of-chatwoot");
        environment.put("CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot");
        environment.put("WPPFLOW_API_TOKEN", "an-api-token-that-is-long-enough");
        environment.put("DEFAULT_INTENT", "sales");
        environment.put("AUTO_ASSIGN", "true");
        environment.put("PORT", "8080");

        Config config = new ConfigReader(environment).read(null);

        Config.Tenant tenant = config.tenants().get("pet-hotel");
        assertThat(config.server().port()).isEqualTo(8080);
        assertThat(tenant.name()).isEqualTo("Hotel Pet");
        assertThat(tenant.chatwoot().accountId()).isEqualTo(7);
        assertThat(tenant.routing().defaultIntent()).isEqualTo("sales");
        assertThat(tenant.routing().autoAssign()).isTrue();
        assertThat(config.api().tokens()).extracting(Config.Token::tenant).containsExactly("pet-hotel");
    }

    @Test
    void any_key_can_be_set_by_a_variable_whatever_the_hyphens_of_the_tenant() throws IOException {
        var environment = new HashMap<>(SECRETS);
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__TURNS__QUIET", "PT0.5S");
        environment.put("WPPFLOW_SERVER__HOST", "0.0.0.0");

        Config config = read(TENANT, environment);

        assertThat(config.tenants().get("pet-hotel").turns().quiet()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.server().host()).isEqualTo("0.0.0.0");
    }

    @Test
    void everything_that_is_wrong_is_named_at_once_with_what_was_meant() {
        String wrong = TENANT.replace("account_id: 1", "acount_id: one") + """
                    turns: {quiet: 4, max_messages: 0.5}
                server: {prot: 3000, host: [a]}
                storage: nothing
                """;

        var failure = catchThrowableOfType(ConfigException.class, () -> read(wrong, SECRETS));

        assertThat(failure.problems())
                .containsExactlyInAnyOrder(
                        "tenants.pet-hotel.chatwoot.acount_id: unknown; did you mean \"account_id\"?",
                        "tenants.pet-hotel.chatwoot.account_id: missing",
                        "tenants.pet-hotel.turns.quiet: an ISO 8601 duration such as PT4S, PT5M or PT12H wanted",
                        "tenants.pet-hotel.turns.max_messages: a whole number wanted",
                        "server.prot: unknown; did you mean \"port\"?",
                        "server.host: a text wanted",
                        "storage: keys and values wanted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://flow:an-invented-password@db/flow",
                "postgresql://db/flow?user=flow&password=an-invented-password"
            })
    void a_password_of_the_database_stands_in_no_file(String url) throws IOException {
        var failure = catchThrowableOfType(
                ConfigException.class, () -> read(TENANT + "storage: {url: \"" + url + "\"}\n", SECRETS));
        var environment = new HashMap<>(SECRETS);
        environment.put("DATABASE", url);
        Config config = read(TENANT + "storage: {url: \"${env:DATABASE}\"}\n", environment);

        assertThat(failure.problems())
                .singleElement()
                .asString()
                .startsWith("storage.url: ")
                .doesNotContain("an-invented-password");
        assertThat(config.storage().url()).isEqualTo(url);
        assertThat(read(TENANT + "storage: {url: \"postgresql://flow@db/flow\"}\n", SECRETS)
                        .storage()
                        .url())
                .isEqualTo("postgresql://flow@db/flow");
    }

    @Test
    void times_and_addresses_that_would_break_later_are_refused_at_once() {
        String wrong = TENANT.replace("https://chat.example.com", "https://<your-chatwoot>") + """
                    policies: {reload_every: PT0S}
                    knowledge: {folder_every: PT0S}
                    turns: {stale_after: P999999999D}
                    outgoing_webhooks:
                      orders: {url: "https://<your-n8n>/webhook/x", secret: "${env:HOOK}"}
                flow: {turn_lease: PT0S}
                storage: {backup_every: PT0.0001S}
                """;

        var failure = catchThrowableOfType(ConfigException.class, () -> read(wrong, SECRETS));
        assertThat(failure.problems())
                .containsExactly(
                        "tenants.pet-hotel.turns.stale_after: an ISO 8601 duration such as PT4S, PT5M or PT12H wanted");

        var later =
                catchThrowableOfType(ConfigException.class, () -> read(wrong.replace("P999999999D", "PT12H"), SECRETS));
        assertThat(later.problems())
                .map(problem -> problem.substring(0, problem.indexOf(':')))
                .containsExactlyInAnyOrder(
                        "tenants.pet-hotel.chatwoot.base_url",
                        "tenants.pet-hotel.policies.reload_every",
                        "tenants.pet-hotel.knowledge.folder_every",
                        "tenants.pet-hotel.outgoing_webhooks.orders.url",
                        "flow.turn_lease",
                        "media.per_turn",
                        "storage.backup_every");
    }

    @Test
    void values_out_of_range_are_named_with_their_path_and_the_range() {
        String wrong = TENANT.replace("https://chat.example.com", "ftp://chat.example.com") + """
                server: {port: 70000}
                storage: {url: "jdbc:h2:mem"}
                """;

        var failure = catchThrowableOfType(ConfigException.class, () -> read(wrong, SECRETS));

        assertThat(failure.problems())
                .containsExactly(
                        "server.port: must be less than or equal to 65535",
                        "storage.url: such as sqlite:data/wppflow.db or postgresql://user:password@host/db",
                        "tenants.pet-hotel.chatwoot.base_url: an http(s) address without user, query or fragment");
    }

    @Test
    void the_end_of_previous_secrets_is_an_instant() {
        String wrong = TENANT.replace(
                "agent_bot_secrets: [\"${env:HOOK}\"]",
                "agent_bot_secrets: [\"${env:HOOK}\"]\n      previous_until: 2026-13-03T00:00:00Z");

        assertThat(wrong).isNotEqualTo(TENANT);
        assertThatThrownBy(() -> read(wrong, SECRETS)).hasMessageContaining("previous_until: an instant such as");
    }

    @Test
    void secrets_are_given_only_by_reference() {
        String literal = TENANT.replace("${env:BOT}", "a-bot-token-of-chatwoot");

        assertThatThrownBy(() -> read(literal, SECRETS))
                .hasMessageContaining("tenants.pet-hotel.chatwoot.bot_token: secrets only by reference");
    }

    @Test
    void a_secret_that_is_not_there_a_placeholder_or_too_short_is_refused() {
        assertThatThrownBy(() -> read(TENANT, Map.of("BOT", "changeme", "HOOK", "short")))
                .hasMessageContaining("bot_token: holds a placeholder");
        assertThatThrownBy(() -> read(TENANT, Map.of("BOT", "a-bot-token-of-chatwoot", "HOOK", "short")))
                .hasMessageContaining("agent_bot_secrets: at least 24 characters each wanted");
        assertThatThrownBy(() -> read(TENANT, Map.of("BOT", "a-bot-token-of-chatwoot")))
                .hasMessageContaining("env HOOK is not there or empty");
    }

    @Test
    void a_secret_can_stand_in_a_file() throws IOException {
        Path secret = folder.resolve("hook");
        Files.writeString(secret, "a-webhook-secret-of-chatwoot\n");

        Config config = read(TENANT.replace("${env:HOOK}", "${file:" + secret + "}"), SECRETS);

        assertThat(config.tenants().get("pet-hotel").webhooks().agentBotSecrets())
                .containsExactly(new Secret("a-webhook-secret-of-chatwoot"));
    }

    @Test
    void a_variable_may_hold_the_reference_instead_of_the_secret() throws IOException {
        Path secret = Files.writeString(folder.resolve("bot"), "a-bot-token-in-a-file\n");
        var environment = new HashMap<>(SECRETS);
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__BOT_TOKEN", "${file:" + secret + "}");
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__USER_TOKEN", "${env:PERSON}");
        environment.put("PERSON", "a-user-token-of-chatwoot");

        Config.Chatwoot chatwoot =
                read(TENANT, environment).tenants().get("pet-hotel").chatwoot();

        assertThat(chatwoot.botToken()).isEqualTo(new Secret("a-bot-token-in-a-file"));
        assertThat(chatwoot.userToken()).isEqualTo(new Secret("a-user-token-of-chatwoot"));
    }

    @Test
    void two_tenants_cannot_share_a_webhook_secret_and_a_token_needs_an_existing_tenant() {
        String two = TENANT
                + TENANT.lines()
                        .skip(1)
                        .map(line -> line.replace("pet-hotel", "other"))
                        .reduce("", (a, b) -> a + b + "\n")
                + """
                api: {tokens: [{name: n8n, tenant: pet-hotl, token: "${env:BOT}", scopes: [read]}]}
                """;

        var failure = catchThrowableOfType(ConfigException.class, () -> read(two, SECRETS));

        assertThat(failure.problems()).anyMatch(problem -> problem.contains("shares a secret with tenant"));
        assertThat(failure.problems()).contains("api.tokens[0].token: at least 24 characters wanted");
        assertThat(failure.problems()).contains("api.tokens[0].tenant: no such tenant; did you mean \"pet-hotel\"?");
    }

    @Test
    void a_path_secret_is_wanted_by_its_mode_and_a_tenant_without_any_secret_does_not_start() {
        String pathMode = TENANT.replace("agent_bot_secrets: [\"${env:HOOK}\"]", "mode: path_secret");
        String none = TENANT.replace("agent_bot_secrets: [\"${env:HOOK}\"]", "mode: signature");

        assertThatThrownBy(() -> read(pathMode, SECRETS)).hasMessageContaining("webhooks.path_secret: missing");
        assertThatThrownBy(() -> read(none, SECRETS)).hasMessageContaining("mode signature wants agent_bot_secrets");
    }

    @Test
    void a_file_that_is_not_yaml_or_not_there_is_told_in_a_sentence() {
        assertThatThrownBy(() -> read("a: [", Map.of())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("just text", Map.of())).hasMessageContaining("keys and values wanted");
        assertThatThrownBy(() -> new ConfigReader(Map.of()).read(folder.resolve("none.yaml")))
                .hasMessageContaining("there is no such file");
    }

    @Test
    void a_secret_never_shows() {
        assertThat(new Secret("visible").toString()).isEqualTo("***");
    }

    private Config read(String yaml, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("wppflow.yaml");
        Files.writeString(file, yaml);
        return new ConfigReader(environment).read(file);
    }
}
