package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The invented hotel as the sandbox has it, but quick; small bubbles, so that replies have several. */
final class HotelSettings {

    static final String API_TOKEN = "wfc_kill_loop_of_an_invented_hotel";
    /** Of nobody's tenant: for what concerns all. */
    static final String OPERATOR_TOKEN = "wfc_kill_loop_of_an_invented_operator";

    static final String TENANT_KEYS = "WPPFLOW_TENANTS__PET_HOTEL__";
    static final String WEBHOOK = "/webhooks/chatwoot/" + Sandbox.TENANT + "/agent-bot";

    private HotelSettings() {}

    /** The environment of a server; to be changed by who wants something else. */
    static Map<String, String> of(
            SimulatedChatwoot chatwoot, WebhookEndpoint webhook, int port, String storageUrl, Path data)
            throws IOException {
        Map<String, String> values = new HashMap<>();
        values.put("PORT", String.valueOf(port));
        values.put("TENANT_ID", Sandbox.TENANT);
        values.put("CHATWOOT_BASE_URL", chatwoot.baseUrl().toString());
        values.put("CHATWOOT_ACCOUNT_ID", String.valueOf(chatwoot.accountId()));
        values.put("CHATWOOT_API_TOKEN", chatwoot.botToken());
        values.put("CHATWOOT_USER_TOKEN", chatwoot.userToken());
        values.put("CHATWOOT_WEBHOOK_SECRET", webhook.secret());
        values.put("WPPFLOW_API_TOKEN", API_TOKEN);
        values.put("OPERATOR", OPERATOR_TOKEN);
        values.put(
                "WPPFLOW_API__TOKENS",
                "[{name: hotel, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [read, write, admin]},"
                        + " {name: operator, token: '${env:OPERATOR}', scopes: [admin]}]");
        values.put("KNOWLEDGE_FILE", Scratch.knowledge(data).toString());
        values.put("WPPFLOW_STORAGE__URL", storageUrl);
        values.put("WPPFLOW_FLOW__UNCLEAR_SETTLE", "PT2S");
        values.put("WPPFLOW_SERVER__WEBHOOKS_PER_SECOND", "1000"); // one tenant has the customers of many
        values.put("WPPFLOW_SERVER__API_CALLS_PER_SECOND", "1000");
        values.put(TENANT_KEYS + "CHATWOOT__ALLOW_PRIVATE_NETWORK", "true");
        values.put(TENANT_KEYS + "CHATWOOT__MAX_CALLS_PER_SECOND", "500");
        values.put(TENANT_KEYS + "CHATWOOT__CATCH_UP_EVERY", "PT1S");
        values.put(TENANT_KEYS + "CHATWOOT__CATCH_UP_GRACE", "PT1S");
        values.put(TENANT_KEYS + "CHATWOOT__CATCH_UP_REACH", "PT15M");
        values.put(TENANT_KEYS + "TURNS__QUIET", "PT0.2S");
        values.put(TENANT_KEYS + "REPLIES__MAX_BUBBLE", "100");
        values.put(TENANT_KEYS + "REPLIES__MAX_PER_MINUTE", "200");
        values.put(TENANT_KEYS + "REPLIES__MAX_PER_HOUR", "900");
        return values;
    }
}
