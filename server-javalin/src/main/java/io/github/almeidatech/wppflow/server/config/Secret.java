package io.github.almeidatech.wppflow.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that must not be seen: it prints as {@code ***} and is not serialised. Compared in constant time. One that stands in a
 * file may be replaced while the server runs ({@link SecretFiles}): ask for it each time it is needed. Thread-safe.
 */
public final class Secret {

    private final String name;
    private final @Nullable Path file;
    private volatile String value;
    private volatile @Nullable Former former;

    /**
     * What a secret was before it was replaced in its file.
     *
     * @param value the former secret itself
     * @param replacedAt when the new one was taken
     */
    public record Former(String value, Instant replacedAt) {
        @Override
        public String toString() {
            return "Former[***, " + replacedAt + "]";
        }
    }

    /** @param value the secret itself */
    public Secret(String value) {
        this("", null, value);
    }

    /**
     * @param name its key in the configuration
     * @param file where it stands; null when it cannot change
     */
    Secret(String name, @Nullable Path file, String value) {
        this.name = name;
        this.file = file;
        this.value = value;
    }

    /** The secret itself, for the one place that needs it. */
    public String reveal() {
        return value;
    }

    /** What it was before, when it was replaced since the start. */
    public Optional<Former> former() {
        return Optional.ofNullable(former);
    }

    /** How long it is. */
    public int length() {
        return value.length();
    }

    String name() {
        return name;
    }

    @Nullable
    Path file() {
        return file;
    }

    void replace(String by, Instant now) {
        former = new Former(value, now);
        value = by;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "***";
    }
}
