package io.github.almeidatech.wppflow.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes down at a start what is configured otherwise than at the one before, as {@code operator.configuration_changed} of
 * each tenant (security defaults A5, A13): which sections, and the mode of its webhooks. Only keyed digests are kept,
 * never a setting; a changed secret is seen as a change of its section.
 */
public final class ConfigurationChanges {

    private static final String MODE = "webhooks.mode";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final Audit audit;

    public ConfigurationChanges(Database database, Audit audit) {
        this.database = database;
        this.audit = audit;
    }

    /** The event before the digests: after a crash between the two it is written again. */
    public void note(Config config) {
        var key = new SecretKeySpec(database.secret("configuration"), "HmacSHA256");
        Map<String, String> ofAll = ConfigText.sections(config);
        ofAll.remove("tenants");
        config.tenants().forEach((name, settings) -> {
            Map<String, String> digests = new TreeMap<>();
            ofAll.forEach((section, text) -> digests.put(section, digest(key, text)));
            ConfigText.sections(settings)
                    .forEach((section, text) -> digests.put("tenant." + section, digest(key, text)));
            digests.put(MODE, settings.webhooks().mode());
            note(new TenantId(name), digests);
        });
    }

    private void note(TenantId tenant, Map<String, String> digests) {
        Optional<String> kept = database.note(noteOf(tenant));
        Map<String, String> before = kept.map(ConfigurationChanges::read).orElse(digests);
        var sections = new TreeSet<>(digests.keySet());
        sections.addAll(before.keySet());
        sections.removeIf(section -> Objects.equals(before.get(section), digests.get(section)));
        if (!sections.isEmpty()) {
            audit.note(
                    tenant,
                    "configuration_changed",
                    "configuration",
                    null,
                    Map.of(
                            "changed",
                            List.copyOf(sections),
                            "webhooks_mode",
                            digests.getOrDefault(MODE, ""),
                            "webhooks_mode_before",
                            before.getOrDefault(MODE, "")));
        }
        if (kept.isEmpty() || !sections.isEmpty()) {
            database.note(noteOf(tenant), write(digests));
        }
    }

    /** What the digests of a tenant are kept under. */
    public static String noteOf(TenantId tenant) {
        return "configuration/" + tenant;
    }

    private static String digest(SecretKeySpec key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    private static Map<String, String> read(String note) {
        try {
            return JSON.readValue(note, new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the digests of the configuration cannot be read", e);
        }
    }

    private static String write(Map<String, String> digests) {
        try {
            return JSON.writeValueAsString(digests);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can be written", e);
        }
    }
}
