package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a simulated installation survives {@code kill -9}: one JSON line per change, synced before the change is
 * answered, in one file that is rewritten at each start; uploaded files lie beside it. A line cut by a crash was never
 * answered and is dropped. Without a directory everything stays in memory.
 */
final class Journal implements AutoCloseable {

    private static final JsonMapper ROWS = JsonMapper.builder()
            .visibility(PropertyAccessor.ALL, Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .addModule(new SimpleModule("read").addDeserializer(Instant.class, new InstantReader()))
            .build();

    private final @Nullable Path directory;
    private final Map<String, byte[]> filesInMemory = new ConcurrentHashMap<>();
    private @Nullable FileChannel lines;
    private @Nullable FileChannel lockFile;
    private @Nullable FileLock lock;

    private Journal(@Nullable Path directory) {
        this.directory = directory;
    }

    /** @throws IllegalStateException when another process has the directory open */
    static Journal open(@Nullable Path directory) {
        var journal = new Journal(directory);
        if (directory != null) {
            try {
                Files.createDirectories(directory.resolve("files"));
                journal.lockFile = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                journal.lock = journal.lockFile.tryLock();
            } catch (OverlappingFileLockException e) {
                journal.lock = null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (journal.lock == null) {
                journal.close();
                throw new IllegalStateException("in use by another process: " + directory);
            }
        }
        return journal;
    }

    /** Hands every row written so far to the reader, oldest first, then begins a fresh file with what {@code state} lists. */
    void replay(RowReader reader, Iterable<?> state) {
        if (directory == null) {
            return;
        }
        var file = directory.resolve("chatwoot.jsonl");
        var fresh = directory.resolve("chatwoot.jsonl.new");
        try {
            if (Files.exists(file)) {
                for (var line : Files.readString(file).split("\n", -1)) {
                    readLine(line, reader);
                }
            }
            Files.deleteIfExists(fresh);
            lines = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            for (var row : state) {
                writeLine(List.of(row));
            }
            lines.force(true);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readLine(String line, RowReader reader) throws IOException {
        JsonNode rows;
        try {
            rows = ROWS.readTree(line);
        } catch (JsonProcessingException e) {
            return;
        }
        for (var row : rows) {
            reader.read(row.path("kind").asText(), row.path("row"));
        }
    }

    static <T> T row(JsonNode node, Class<T> type) {
        try {
            return ROWS.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes rows as one change: after a crash all of them are there or none. */
    synchronized void append(Collection<?> rows) {
        if (lines == null || rows.isEmpty()) {
            return;
        }
        try {
            writeLine(rows);
            lines.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeLine(Collection<?> rows) throws IOException {
        var array = ROWS.createArrayNode();
        for (var row : rows) {
            array.addObject().put("kind", row.getClass().getSimpleName()).set("row", ROWS.valueToTree(row));
        }
        var bytes = ByteBuffer.wrap((ROWS.writeValueAsString(array) + "\n").getBytes(StandardCharsets.UTF_8));
        while (lines != null && bytes.hasRemaining()) {
            lines.write(bytes);
        }
    }

    void putFile(String key, byte[] content) {
        if (directory == null) {
            filesInMemory.put(key, content.clone());
            return;
        }
        try (var channel = FileChannel.open(
                directory.resolve("files").resolve(key), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte @Nullable [] file(String key) {
        if (directory == null) {
            return filesInMemory.get(key);
        }
        var path = directory.resolve("files").resolve(key);
        try {
            return Files.exists(path) ? Files.readAllBytes(path) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try (var first = lines;
                var second = lockFile) {
            lines = null;
            lockFile = null;
            if (lock != null) {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Receives rows as they were written. */
    @FunctionalInterface
    interface RowReader {
        void read(String kind, JsonNode row);
    }

    private static final class InstantReader extends FromStringDeserializer<Instant> {
        @Serial
        private static final long serialVersionUID = 1L;

        InstantReader() {
            super(Instant.class);
        }

        @Override
        protected Instant _deserialize(String value, DeserializationContext context) {
            return Instant.parse(value);
        }
    }
}
