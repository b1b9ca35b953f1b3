package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.knowledge.VectorStore;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The vectors of all tenants' passages on SQL, as little-endian floats. Thread-safe. */
final class JdbcVectorStore implements VectorStore {

    private static final int BATCH = 500;

    private final Writer writer;
    private final Reader reader;

    JdbcVectorStore(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public Map<String, float[]> find(TenantId tenant, String model, Collection<String> hashes) {
        List<String> wanted = List.copyOf(hashes);
        return reader.read(tenant, session -> {
            Map<String, float[]> found = new HashMap<>();
            for (String hash : wanted) {
                session.first(
                                "select vector from passage_vector where tenant = ? and model = ? and hash = ?",
                                row -> numbers(row.getBytes(1)),
                                tenant.value(),
                                model,
                                hash)
                        .ifPresent(vector -> found.put(hash, vector));
            }
            return found;
        });
    }

    @Override
    public void save(TenantId tenant, String model, Map<String, float[]> vectors) {
        Map<String, float[]> wanted = Map.copyOf(vectors);
        writer.write(tx -> {
            wanted.forEach((hash, vector) -> tx.later("""
                    insert into passage_vector (tenant, model, hash, vector) values (?, ?, ?, ?)
                    on conflict (tenant, model, hash) do update set vector = excluded.vector
                    """, tenant.value(), model, hash, bytes(vector)));
            return wanted.size();
        });
    }

    @Override
    public Map<String, Set<String>> hashes(TenantId tenant) {
        record Key(String model, String hash) {}
        return reader
                .read(
                        tenant,
                        session -> session.list(
                                "select model, hash from passage_vector where tenant = ?",
                                row -> new Key(row.getString(1), row.getString(2)),
                                tenant.value()))
                .stream()
                .collect(Collectors.groupingBy(Key::model, Collectors.mapping(Key::hash, Collectors.toSet())));
    }

    @Override
    public void remove(TenantId tenant, String model, Collection<String> hashes) {
        List<String> gone = List.copyOf(hashes);
        for (int from = 0; from < gone.size(); from += BATCH) {
            List<String> batch = gone.subList(from, Math.min(from + BATCH, gone.size()));
            writer.write(tx -> {
                batch.forEach(hash -> tx.later(
                        "delete from passage_vector where tenant = ? and model = ? and hash = ?",
                        tenant.value(),
                        model,
                        hash));
                return batch.size();
            });
        }
    }

    private static byte[] bytes(float[] vector) {
        var buffer = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(vector);
        return buffer.array();
    }

    private static float[] numbers(byte[] bytes) {
        var vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }
}
