package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The vectors of one tenant's passages: taken from the store where they are known, made in batches where they are not. */
final class Embeddings {

    private static final int BATCH = 64;
    private static final int HASH_BYTES = 16;

    private final TenantId tenant;
    private final Embedder embedder;
    private final VectorStore store;
    private final ReentrantLock working = new ReentrantLock();

    Embeddings(TenantId tenant, Embedder embedder, VectorStore store) {
        this.tenant = tenant;
        this.embedder = embedder;
        this.store = store;
    }

    /**
     * Gives each passage its vector, until the model fails. Does nothing while another thread is at it.
     *
     * @param passages the present ones, asked for anew until none lacks its vector
     * @param stored those of all documents in the store, whichever instance has put them there
     * @return how many lack theirs in the end
     */
    int complete(Supplier<List<Passage>> passages, Supplier<List<Passage>> stored) {
        if (working.tryLock()) {
            try {
                String model = embedder.model();
                boolean changed = false;
                for (List<Passage> batch = missing(passages.get()); !batch.isEmpty(); batch = missing(passages.get())) {
                    give(model, batch.subList(0, Math.min(BATCH, batch.size())));
                    changed = true;
                }
                if (changed) {
                    removeUnused(model, stored);
                }
            } catch (FlowException e) {
                // text search goes on; the next change or the next call asks again
            } finally {
                working.unlock();
            }
        }
        return missing(passages.get()).size();
    }

    /**
     * Documents are stored before their vectors are. So what was there before the documents were looked at, and belongs to
     * none of them, belongs to none that another instance has added meanwhile either.
     */
    private void removeUnused(String model, Supplier<List<Passage>> stored) {
        Map<String, Set<String>> before = store.hashes(tenant);
        Set<String> used = stored.get().stream().map(Embeddings::hash).collect(Collectors.toSet());
        before.forEach((of, hashes) -> {
            Set<String> gone = new HashSet<>(hashes);
            if (of.equals(model)) {
                gone.removeAll(used);
            }
            store.remove(tenant, of, gone);
        });
    }

    private void give(String model, List<Passage> batch) {
        var byHash = new LinkedHashMap<String, List<Passage>>();
        batch.forEach(passage ->
                byHash.computeIfAbsent(hash(passage), key -> new ArrayList<>()).add(passage));
        Map<String, float[]> known = store.find(tenant, model, byHash.keySet());
        List<String> unknown = byHash.keySet().stream()
                .filter(hash -> !known.containsKey(hash))
                .toList();
        if (!unknown.isEmpty()) {
            List<float[]> made = embedder.embed(
                    Payer.of(tenant),
                    unknown.stream()
                            .map(hash ->
                                    text(byHash.getOrDefault(hash, List.of()).get(0)))
                            .toList());
            var fresh = new LinkedHashMap<String, float[]>();
            for (int i = 0; i < unknown.size(); i++) {
                fresh.put(unknown.get(i), made.get(i));
            }
            store.save(tenant, model, fresh);
            known.putAll(fresh);
        }
        known.forEach((hash, vector) -> {
            var shared = new Vector(vector);
            byHash.getOrDefault(hash, List.of()).forEach(passage -> passage.vector(shared));
        });
    }

    /** What a question means. */
    Vector of(String question, Payer payer) {
        return new Vector(embedder.embed(payer, List.of(question)).get(0));
    }

    private static List<Passage> missing(List<Passage> passages) {
        return passages.stream().filter(passage -> passage.vector() == null).toList();
    }

    private static String text(Passage passage) {
        return passage.heading() + "\n" + passage.text();
    }

    private static String hash(Passage passage) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text(passage).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
