package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotStartedTest {

    @TempDir
    private Path data;

    @Test
    void a_tenant_with_a_short_webhook_secret_is_named_and_keeps_no_other_from_being_served() throws Exception {
        String clinic = "WPPFLOW_TENANTS__CLINICA__";
        try (TestServer server = TestServer.start(
                data,
                Map.of(
                        clinic + "NAME",
                        "Clínica Inventada",
                        clinic + "CHATWOOT__BASE_URL",
                        "https://chat.example.com",
                        clinic + "CHATWOOT__ACCOUNT_ID",
                        "2",
                        clinic + "CHATWOOT__BOT_TOKEN",
                        "${env:CLINIC_BOT}",
                        clinic + "WEBHOOKS__AGENT_BOT_SECRETS",
                        "[\"${env:CLINIC_HOOK}\"]",
                        "WPPFLOW_API__TOKENS",
                        "[{name: operator, token: \"${env:OPERATOR}\", scopes: [read]}, {name: hotel, tenant: pet-hotel,"
                                + " token: \"${env:WPPFLOW_API_TOKEN}\", scopes: [read, write, admin]}]",
                        "OPERATOR",
                        "an-operator-token-that-is-long",
                        "CLINIC_BOT",
                        "another-bot-token-of-chatwoot",
                        "CLINIC_HOOK",
                        "too-short"))) {
            long conversation = server.chatwoot()
                    .customer("+5511987770031", "Iara Exemplo")
                    .writes("quanto custa a diária?")
                    .conversation();

            server.awaitReplies(conversation, 1);
            assertThat(server.get("/ready").status()).isEqualTo(200);
            assertThat(server.get("/ready").body().toString())
                    .as("a tenant's token is told nothing of another tenant")
                    .doesNotContain("clinica");
            String operator = "Bearer an-operator-token-that-is-long";
            assertThat(server.send(HttpRequest.newBuilder(server.uri("/ready")).header("Authorization", operator))
                            .body()
                            .toString())
                    .contains("not started: tenants.clinica.webhooks.agent_bot_secrets: at least 24 characters")
                    .doesNotContain("too-short");
            assertThat(server.get("/metrics").response().body()).contains("wppflow_tenants_not_started 1.0");
        }
    }
}
