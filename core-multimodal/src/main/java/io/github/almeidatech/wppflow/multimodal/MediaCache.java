package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.TenantId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was read of the latest files, by tenant and content. In memory only; thread-safe. */
final class MediaCache {

    private final int entries;
    private final Map<String, MediaText> texts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MediaText> eldest) {
            return size() > entries;
        }
    };

    MediaCache(int entries) {
        this.entries = entries;
    }

    @Nullable
    MediaText find(TenantId tenant, MediaFile file) {
        String key = key(tenant, file);
        synchronized (texts) {
            return texts.get(key);
        }
    }

    void remember(TenantId tenant, MediaFile file, MediaText text) {
        String key = key(tenant, file);
        synchronized (texts) {
            texts.put(key, text);
        }
    }

    /** Forgets everything of a tenant; how much that was. */
    int forget(TenantId tenant) {
        synchronized (texts) {
            int before = texts.size();
            texts.keySet().removeIf(key -> key.startsWith(tenant + "/"));
            return before - texts.size();
        }
    }

    private static String key(TenantId tenant, MediaFile file) {
        try {
            return tenant + "/"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(file.bytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
