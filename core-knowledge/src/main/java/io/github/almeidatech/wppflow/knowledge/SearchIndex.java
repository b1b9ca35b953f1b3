package io.github.almeidatech.wppflow.knowledge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's passages, found by their features. In memory; without threads of its own. Searches run side by side,
 * each on a state that does not change under it; changes must come one after the other.
 */
final class SearchIndex implements AutoCloseable {

    private static final String DOCUMENT = "document";
    private static final String PASSAGE = "passage";
    private static final String FEATURE = "feature";
    private static final String DOMAIN = "domain";
    private static final String NO_DOMAIN = "-";

    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final Map<String, List<Passage>> byDocument = new HashMap<>();
    /** In the order in which they came. */
    private Map<String, Passage> byId = Map.of();

    private Vocabulary vocabulary = Vocabulary.of(List.of());

    SearchIndex() {
        var config = new IndexWriterConfig();
        config.setMergeScheduler(new SerialMergeScheduler());
        config.setCommitOnClose(false);
        try {
            writer = new IndexWriter(new ByteBuffersDirectory(), config);
            searchers = new SearcherManager(writer, new SearcherFactory() {
                @Override
                public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) {
                    return new Snapshot(reader, byId, vocabulary);
                }
            });
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    /** A passage with what it is about. */
    record Entry(Passage passage, Map<String, Double> features) {}

    /**
     * Replaces documents and removes others; searches that begin after it see the new state, earlier ones the old.
     *
     * @param changed the passages of each document that is new or different
     */
    void apply(Map<String, List<Entry>> changed, Collection<String> removed) {
        Map<String, Passage> after = new LinkedHashMap<>(byId);
        Set<String> words = new HashSet<>();
        try {
            for (String id : removed) {
                forget(id, after);
                writer.deleteDocuments(new Term(DOCUMENT, id));
            }
            for (var each : changed.entrySet()) {
                forget(each.getKey(), after);
                byDocument.put(
                        each.getKey(),
                        each.getValue().stream().map(Entry::passage).toList());
                each.getValue().forEach(entry -> after.put(entry.passage().id(), entry.passage()));
                writer.updateDocuments(
                        new Term(DOCUMENT, each.getKey()),
                        each.getValue().stream().map(entry -> row(entry, words)).toList());
            }
            byId = after;
            vocabulary = vocabulary.with(words);
            searchers.maybeRefreshBlocking();
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    private void forget(String documentId, Map<String, Passage> passages) {
        byDocument.getOrDefault(documentId, List.of()).forEach(passage -> passages.remove(passage.id()));
        byDocument.remove(documentId);
    }

    private static org.apache.lucene.document.Document row(Entry entry, Set<String> words) {
        Document document = entry.passage().document();
        var row = new org.apache.lucene.document.Document();
        row.add(new StringField(DOCUMENT, document.id(), Field.Store.NO));
        row.add(new StringField(PASSAGE, entry.passage().id(), Field.Store.YES));
        row.add(new StringField(DOMAIN, domain(document.domain()), Field.Store.NO));
        for (String feature : entry.features().keySet()) {
            row.add(new StringField(FEATURE, feature, Field.Store.NO));
            String word = Feature.wordOf(feature);
            if (word != null) {
                words.add(word);
            }
        }
        return row;
    }

    private static String domain(@Nullable String domain) {
        return domain == null ? NO_DOMAIN : "=" + domain;
    }

    /** Runs a search on the newest state. */
    <T> T search(Function<Snapshot, T> search) {
        try {
            var snapshot = (Snapshot) searchers.acquire();
            try {
                return search.apply(snapshot);
            } finally {
                searchers.release(snapshot);
            }
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    @Override
    public void close() {
        try {
            searchers.close();
            writer.close();
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    private static UncheckedIOException inMemory(IOException e) {
        return new UncheckedIOException("an index in memory cannot fail so", e);
    }

    /** The passages at one moment. */
    static final class Snapshot extends IndexSearcher {

        /** So many features are looked up once: what is asked most is asked again. */
        private static final int REMEMBERED = 1_024;

        private final Map<String, Passage> byId;
        private final Map<String, Integer> frequencies = new ConcurrentHashMap<>();
        private final List<Passage> meaningful;
        private final Vocabulary vocabulary;

        Snapshot(IndexReader reader, Map<String, Passage> byId, Vocabulary vocabulary) {
            super(reader);
            this.byId = byId;
            this.meaningful = byId.values().stream()
                    .filter(passage -> passage.meaning() != null)
                    .toList();
            this.vocabulary = vocabulary;
        }

        /** All of them, or those that questions in a domain may see. */
        List<Passage> passages(@Nullable String domain) {
            return byId.values().stream()
                    .filter(passage -> isIn(passage, domain))
                    .toList();
        }

        /** The passages whose meaning is nearest to this one, on the same side at least. */
        List<Passage> nearest(Vector meaning, @Nullable String domain, int most) {
            record Near(Passage passage, double nearness) {}
            var nearest = new PriorityQueue<Near>(Comparator.comparingDouble(Near::nearness));
            double least = 0;
            for (Passage passage : meaningful) {
                double nearness = meaning.cosine(Objects.requireNonNull(passage.meaning()));
                if (nearness > least && isIn(passage, domain)) {
                    nearest.add(new Near(passage, nearness));
                    if (nearest.size() > most) {
                        nearest.remove();
                        least = nearest.element().nearness();
                    }
                }
            }
            return nearest.stream().map(Near::passage).toList();
        }

        private static boolean isIn(Passage passage, @Nullable String domain) {
            String own = passage.document().domain();
            return domain == null || own == null || domain.equals(own);
        }

        /** All words of the passages, and perhaps some of former ones. */
        Vocabulary vocabulary() {
            return vocabulary;
        }

        int size() {
            return getIndexReader().numDocs();
        }

        /** How many passages have a feature, about: replaced ones may still count. */
        int frequency(String feature) {
            Integer known = frequencies.get(feature);
            if (known != null) {
                return known;
            }
            try {
                int frequency = getIndexReader().docFreq(new Term(FEATURE, feature));
                if (frequencies.size() < REMEMBERED) {
                    frequencies.put(feature, frequency);
                }
                return frequency;
            } catch (IOException e) {
                throw inMemory(e);
            }
        }

        static Query having(String feature) {
            return new TermQuery(new Term(FEATURE, feature));
        }

        /** The best passages for a query over features. */
        List<Passage> best(Query query, @Nullable String domain, int most) {
            Query wanted = query;
            if (domain != null) {
                var either = new BooleanQuery.Builder()
                        .add(new TermQuery(new Term(DOMAIN, domain(domain))), BooleanClause.Occur.SHOULD)
                        .add(new TermQuery(new Term(DOMAIN, NO_DOMAIN)), BooleanClause.Occur.SHOULD)
                        .build();
                wanted = new BooleanQuery.Builder()
                        .add(query, BooleanClause.Occur.MUST)
                        .add(either, BooleanClause.Occur.FILTER)
                        .build();
            }
            try {
                var fields = storedFields();
                List<Passage> found = new ArrayList<>();
                for (var hit : search(wanted, most).scoreDocs) {
                    Passage passage = byId.get(fields.document(hit.doc).get(PASSAGE));
                    if (passage != null) {
                        found.add(passage);
                    }
                }
                return found;
            } catch (IOException e) {
                throw inMemory(e);
            }
        }
    }
}
