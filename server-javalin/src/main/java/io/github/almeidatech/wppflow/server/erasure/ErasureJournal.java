package io.github.almeidatech.wppflow.server.erasure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.jdbc.ErasureRequest;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who asked to be forgotten, beside the backups: a line for each request, on disk before its first step, so that a database
 * restored from before it can be made to forget again. A person stands in it as a keyed hash. Thread-safe.
 */
public final class ErasureJournal {

    private static final Logger log = LoggerFactory.getLogger(ErasureJournal.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final @Nullable Path file;

    /** @param file null for none */
    public ErasureJournal(@Nullable Path file) {
        this.file = file;
    }

    /** Where the settings want it; on SQLite beside the backups, on PostgreSQL, whose backups are elsewhere, nowhere else. */
    public static ErasureJournal of(Config.Storage settings) {
        String file = settings.erasureJournal();
        if (file != null) {
            return new ErasureJournal(Path.of(file));
        }
        return new ErasureJournal(
                settings.url().startsWith("sqlite:")
                        ? Path.of(settings.backupFolder()).resolve("erasures.jsonl")
                        : null);
    }

    /**
     * What a line tells.
     *
     * @param person the keyed hash
     */
    record Entry(TenantId tenant, String id, String person, boolean chatwoot, String requestedBy, Instant requestedAt) {

        static Entry of(ErasureRequest request) {
            return new Entry(
                    request.tenant(),
                    request.id(),
                    request.pseudonym(),
                    request.chatwoot(),
                    request.requestedBy(),
                    request.requestedAt());
        }
    }

    /** @throws UncheckedIOException when it is not on disk; then nothing may be erased yet */
    synchronized void add(Entry entry) {
        if (file == null) {
            return;
        }
        try {
            String line = MAPPER.writeValueAsString(Map.of(
                    "tenant_id", entry.tenant().value(),
                    "id", entry.id(),
                    "person", entry.person(),
                    "chatwoot", entry.chatwoot(),
                    "requested_by", entry.requestedBy(),
                    "requested_at", entry.requestedAt().toString()));
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            try (var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.lock(); // several instances may share the file; it goes with the channel
                channel.position(channel.size());
                String text = endsWithinALine(channel) ? "\n" + line + "\n" : line + "\n";
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A crash has left the last line unfinished. */
    private static boolean endsWithinALine(FileChannel channel) throws IOException {
        var last = ByteBuffer.allocate(1);
        return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
    }

    /** All that is readable, the oldest first; of several lines about one request the last. */
    synchronized Collection<Entry> entries() {
        if (file == null || !Files.exists(file)) {
            return List.of();
        }
        var entries = new LinkedHashMap<String, Entry>();
        try {
            // not readAllLines: a line may be cut within a character
            for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                Optional<Entry> entry = read(line);
                entry.ifPresent(each -> entries.put(each.tenant() + "/" + each.id(), each));
                if (entry.isEmpty() && !line.isBlank()) {
                    log.warn(
                            "a line of {} cannot be read: cut off by a crash before its erasure began, or not ours",
                            file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries.values();
    }

    private static Optional<Entry> read(String line) {
        try {
            JsonNode entry = MAPPER.readTree(line);
            return Optional.of(new Entry(
                    new TenantId(entry.path("tenant_id").asText()),
                    entry.required("id").asText(),
                    entry.required("person").asText(),
                    entry.path("chatwoot").asBoolean(),
                    entry.path("requested_by").asText(),
                    storable(Instant.parse(entry.path("requested_at").asText()))));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** @throws ArithmeticException for a time that no database can hold: it would end each start */
    private static Instant storable(Instant written) {
        return Instant.ofEpochMilli(written.toEpochMilli());
    }
}
