package io.github.almeidatech.wppflow.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that secrets of a configuration stand in. What is written there anew counts when two looks have seen the same, so
 * that nothing half written is taken; what could not be a secret is left aside, and the one before stays. Looked at by one
 * thread at a time; what it tells may be asked by others.
 */
public final class SecretFiles {

    /** Read once, at the start: the API's tokens are known by their hashes, the backup's key by nobody. */
    private static final Pattern AT_THE_START = Pattern.compile("(api|storage)\\..*");

    private static final Pattern PROOF = Pattern.compile("tenants\\.([^.]+)\\.(webhooks|outgoing_webhooks)\\..*");

    private final List<Secret> all;
    private final Map<String, String> waiting = new HashMap<>();
    private volatile Map<String, String> refused = Map.of();
    private volatile Map<String, Instant> written;

    /** Of everything in it that stands in a file. */
    public SecretFiles(Config config) {
        this.all = ConfigText.all(config);
        this.written = written();
    }

    /**
     * Reads each file.
     *
     * @return the keys of the secrets that were replaced just now, in order
     */
    public List<String> look(Instant now) {
        var replaced = new ArrayList<String>();
        var wrong = new TreeMap<String, String>();
        for (Secret secret : all) {
            Path file = secret.file();
            if (file != null && isReplaced(secret, file, wrong, now)) {
                replaced.add(secret.name());
            }
        }
        refused = Map.copyOf(wrong);
        written = written();
        return replaced;
    }

    private boolean isReplaced(Secret secret, Path file, Map<String, String> wrong, Instant now) {
        String found;
        try {
            found = Files.readString(file).strip();
        } catch (IOException e) {
            wrong.put(secret.name(), "its file cannot be read");
            return false;
        }
        if (found.equals(secret.reveal())) {
            waiting.remove(secret.name());
            return false;
        }
        if (!found.equals(waiting.put(secret.name(), found))) {
            return false;
        }
        String problem = problem(secret, found);
        if (problem != null) {
            wrong.put(secret.name(), problem);
            return false;
        }
        waiting.remove(secret.name());
        secret.replace(found, now);
        return true;
    }

    private @Nullable String problem(Secret secret, String found) {
        if (AT_THE_START.matcher(secret.name()).matches()) {
            return "what its file holds now counts from the next start on";
        }
        if (found.isEmpty() || !found.chars().allMatch(c -> c > ' ' && c < 127)) {
            return "its file holds no secret";
        }
        if (SecretResolver.isPlaceholder(found)) {
            return "its file holds a placeholder";
        }
        if (PROOF.matcher(secret.name()).matches() && found.length() < ConfigRules.MIN_SECRET) {
            return "at least " + ConfigRules.MIN_SECRET + " characters wanted";
        }
        return isSharedWith(secret, found) ? "another tenant has the same" : null;
    }

    private boolean isSharedWith(Secret secret, String found) {
        Matcher own = PROOF.matcher(secret.name());
        return own.matches()
                && all.stream().anyMatch(other -> {
                    Matcher others = PROOF.matcher(other.name());
                    return others.matches()
                            && !others.group(1).equals(own.group(1))
                            && other.reveal().equals(found);
                });
    }

    /** The secrets whose files hold what was not taken, by their keys, with the reason. */
    public Map<String, String> refused() {
        return refused;
    }

    /** For how long the file of each was the same at the last look, by its key; without those that stand in no file. */
    public Map<String, Duration> ages(Instant now) {
        Map<String, Duration> ages = new TreeMap<>();
        written.forEach((key, at) -> ages.put(key, Duration.between(at, now)));
        return ages;
    }

    private Map<String, Instant> written() {
        Map<String, Instant> times = new HashMap<>();
        for (Secret secret : all) {
            Path file = secret.file();
            if (file != null) {
                try {
                    times.put(secret.name(), Files.getLastModifiedTime(file).toInstant());
                } catch (IOException e) {
                    // told by refused()
                }
            }
        }
        return Map.copyOf(times);
    }

    /** The secrets as they are now. */
    public List<String> values() {
        return all.stream().map(Secret::reveal).map(Objects::requireNonNull).toList();
    }
}
