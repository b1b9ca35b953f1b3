package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.knowledge.Ranking.Ranked;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's documents as they were last seen in the store, and the index over them. Queries never wait for changes
 * of the same process; a change of another process is taken over by the first query that notices it.
 */
final class TenantKnowledge implements AutoCloseable {

    private static final double ANSWERS = 0.34;
    private static final int FUSION = 60;
    private static final double AGREEMENT = 1;
    private static final double WELL_MET = 0.5;
    /** How much worse a passage may meet a question and still be taken, as it is about what was said before, too. */
    private static final double AS_WELL = 0.15;

    private static final double ABOUT_AS_WELL = 0.8;
    private static final double ALL_ABOUT_IT = 0.75;

    private final TenantId tenant;
    private final Parts parts;
    private final Reading reading = Reading.SHARED;
    private final @Nullable Embeddings embeddings;
    private final SearchIndex index = new SearchIndex();
    private final ReentrantLock changing = new ReentrantLock();

    private final Map<String, Document> indexed = new HashMap<>();
    private volatile @Nullable Long version;
    private volatile Instant checked = Instant.MIN;

    /** What all tenants share. */
    record Parts(
            DocumentStore store,
            Function<TenantId, Optional<Embedder>> embedder,
            VectorStore vectors,
            Executor embedding,
            InstantSource clock,
            Duration recheck) {}

    TenantKnowledge(TenantId tenant, Parts parts) {
        this.tenant = tenant;
        this.parts = parts;
        this.embeddings = parts.embedder()
                .apply(tenant)
                .map(embedder -> new Embeddings(tenant, embedder, parts.vectors()))
                .orElse(null);
    }

    void put(Collection<Document> documents) {
        changing.lock();
        try {
            catchUp();
            Map<String, Document> changed = new LinkedHashMap<>();
            documents.forEach(document -> changed.put(document.id(), document));
            changed.values().removeIf(document -> document.equals(indexed.get(document.id())));
            if (changed.isEmpty()) {
                return;
            }
            parts.store()
                    .save(tenant, List.copyOf(changed.values()), parts.clock().instant());
            apply(changed.values(), List.of());
            claimVersion(1);
            embed();
        } finally {
            changing.unlock();
        }
    }

    int remove(Collection<String> ids) {
        changing.lock();
        try {
            catchUp();
            int removed = parts.store().delete(tenant, ids);
            apply(List.of(), ids);
            claimVersion(removed == 0 ? 0 : 1);
            embed();
            return removed;
        } finally {
            changing.unlock();
        }
    }

    /** The documents as the newest known state has them. */
    List<Document> documents() {
        refresh();
        changing.lock();
        try {
            return List.copyOf(indexed.values());
        } finally {
            changing.unlock();
        }
    }

    /** If the store counted as many changes as we made, nobody else changed anything; else it is read again. */
    private void claimVersion(long ownChanges) {
        Long before = version;
        long after = parts.store().version(tenant);
        version = before != null && after == before + ownChanges ? Long.valueOf(after) : null;
    }

    private void refresh() {
        Instant now = parts.clock().instant();
        if (version != null && now.isBefore(checked.plus(parts.recheck()))) {
            return;
        }
        if (version != null) {
            if (!changing.tryLock()) {
                return;
            }
        } else {
            changing.lock();
        }
        try {
            catchUp();
            checked = now;
        } finally {
            changing.unlock();
        }
    }

    private void catchUp() {
        long current = parts.store().version(tenant);
        Long seen = version;
        if (seen != null && seen == current) {
            return;
        }
        List<Document> all = parts.store().all(tenant);
        List<Document> changed = new ArrayList<>();
        Set<String> gone = new HashSet<>(indexed.keySet());
        for (Document document : all) {
            gone.remove(document.id());
            if (!document.equals(indexed.get(document.id()))) {
                changed.add(document);
            }
        }
        apply(changed, gone);
        version = current;
        embed();
    }

    private void apply(Collection<Document> changed, Collection<String> removed) {
        Map<String, List<SearchIndex.Entry>> entries = new LinkedHashMap<>();
        for (Document document : changed) {
            entries.put(document.id(), reading.passages().entries(document));
            indexed.put(document.id(), document);
        }
        indexed.keySet().removeAll(removed);
        if (!entries.isEmpty() || !removed.isEmpty()) {
            index.apply(entries, removed);
        }
    }

    private void embed() {
        if (embeddings != null) {
            parts.embedding().execute(this::giveVectors);
        }
    }

    /** Returns how many passages lack their vector in the end. */
    int embedMissing() {
        refresh();
        return giveVectors();
    }

    private int giveVectors() {
        return embeddings == null ? 0 : embeddings.complete(this::passages, this::storedPassages);
    }

    private List<Passage> passages() {
        return index.search(snapshot -> snapshot.passages(null));
    }

    private List<Passage> storedPassages() {
        changing.lock();
        try {
            catchUp();
            return passages();
        } finally {
            changing.unlock();
        }
    }

    List<String> questions(String text) {
        refresh();
        return index.search(snapshot ->
                reading.questions().split(text, feature -> snapshot.frequency(feature) > 0, snapshot.vocabulary()));
    }

    KnowledgeAnswer query(Question question) {
        refresh();
        if (embeddings == null || question.text().isBlank()) {
            return index.search(snapshot -> answer(question, snapshot, null));
        }
        Payer payer = question.payer() == null ? Payer.of(tenant) : question.payer();
        try {
            Vector asked = embeddings.of(question.text(), payer);
            return index.search(snapshot -> answer(question, snapshot, asked));
        } catch (FlowException e) {
            return index.search(snapshot -> answer(question, snapshot, null))
                    .byTextAlone(e.code().word());
        }
    }

    private KnowledgeAnswer answer(Question question, SearchIndex.Snapshot snapshot, @Nullable Vector asked) {
        QueryPlan plan = reading.questions()
                .read(
                        question.text(),
                        question.context(),
                        feature -> snapshot.frequency(feature) > 0,
                        snapshot.vocabulary());
        var ranking = new Ranking(plan, snapshot, reading.meanings());
        List<Ranked> ranked = ranking.best(question.domain());
        Optional<QueryPlan> goingOn = reading.questions()
                .goingOn(
                        question.text(),
                        question.context(),
                        plan,
                        feature -> snapshot.frequency(feature) > 0,
                        snapshot.vocabulary());
        if (goingOn.isPresent()) {
            var both = new Ranking(goingOn.get(), snapshot, reading.meanings());
            List<Ranked> found = both.best(question.domain());
            if (meetsBoth(plan, ranked, goingOn.get(), found)) {
                plan = goingOn.get();
                ranking = both;
                ranked = found;
            } else {
                ranked = likelierAfter(both, ranked);
            }
        }
        boolean agreed = false;
        if (asked != null) {
            List<Passage> near = nearest(asked, snapshot.passages(question.domain()));
            agreed = !ranked.isEmpty() && !near.isEmpty() && ranked.get(0).passage() == near.get(0);
            ranked = fused(ranked, near, ranking);
        }
        ranked = withoutRepetition(ranked);
        if (ranked.isEmpty()) {
            return new KnowledgeAnswer(false, "", 0, List.of(), plan.clarity(), null);
        }
        Ranked first = ranked.get(0);
        double confidence = reading.confidence().of(plan, ranked, ranking.granted(), agreed ? AGREEMENT : 0);
        boolean answered =
                confidence >= ANSWERS && plan.clarity() != KnowledgeAnswer.Clarity.NOTHING && !isGuess(plan, ranked);
        List<KnowledgeAnswer.Source> sources = ranked.stream()
                .limit(question.topK())
                .map(TenantKnowledge::source)
                .toList();
        return new KnowledgeAnswer(
                answered,
                answered ? reading.answers().of(plan, first.passage()) : "",
                confidence,
                sources,
                plan.clarity(),
                null);
    }

    /** Of passages that meet the question about as well, those first that also meet what was said before it. */
    private static List<Ranked> likelierAfter(Ranking both, List<Ranked> ranked) {
        if (ranked.isEmpty()) {
            return ranked;
        }
        double least = ABOUT_AS_WELL * ranked.get(0).score();
        Map<Ranked, Double> scores = new HashMap<>();
        ranked.forEach(each -> scores.put(
                each, each.score() < least ? 0 : both.rank(each.passage()).score()));
        return ranked.stream()
                .sorted((a, b) -> Double.compare(scores.getOrDefault(b, 0.0), scores.getOrDefault(a, 0.0)))
                .toList();
    }

    /** Whether a passage meets the question no worse than the one found for it alone, and what was said before, too. */
    private static boolean meetsBoth(QueryPlan plan, List<Ranked> alone, QueryPlan both, List<Ranked> found) {
        if (found.isEmpty()) {
            return false;
        }
        List<Double> met = found.get(0).met();
        int own = plan.units().size();
        boolean noWorse = alone.isEmpty()
                || met(plan, found.get(0)) >= met(plan, alone.get(0))
                || IntStream.range(0, own)
                        .filter(i -> both.units().get(i).content())
                        .allMatch(i -> met.get(i) >= alone.get(0).met().get(i) - AS_WELL);
        return noWorse
                && IntStream.range(own, both.units().size())
                                .filter(i -> both.units().get(i).stated())
                                .mapToDouble(met::get)
                                .average()
                                .orElse(0)
                        >= WELL_MET;
    }

    /** How well a passage meets what a question is about, in the mean. */
    private static double met(QueryPlan plan, Ranked ranked) {
        return IntStream.range(0, plan.units().size())
                .filter(i -> plan.units().get(i).content())
                .mapToDouble(ranked.met()::get)
                .average()
                .orElse(0);
    }

    /** Who asks "quanto fica?" of nothing is told what one passage says of it, or what one is all about, but not any of many. */
    private static boolean isGuess(QueryPlan plan, List<Ranked> ranked) {
        return plan.clarity() == KnowledgeAnswer.Clarity.NO_TOPIC
                && plan.units().stream().anyMatch(QuestionReader::isAskedOfSomething)
                && ranked.get(0).titleCover() < ALL_ABOUT_IT
                && ranked.stream().filter(each -> tellsHowMuch(plan, each)).count() > 1;
    }

    private static boolean tellsHowMuch(QueryPlan plan, Ranked ranked) {
        return IntStream.range(0, plan.units().size())
                .filter(i -> QuestionReader.isAskedOfSomething(plan.units().get(i)))
                .allMatch(i -> ranked.met().get(i) >= WELL_MET);
    }

    private static KnowledgeAnswer.Source source(Ranked ranked) {
        Passage passage = ranked.passage();
        return new KnowledgeAnswer.Source(
                passage.document().id(),
                passage.id(),
                passage.document().title(),
                passage.text(),
                ranked.score() / (ranked.score() + 1));
    }

    private static List<Passage> nearest(Vector asked, List<Passage> passages) {
        Map<Passage, Double> near = new HashMap<>();
        for (Passage passage : passages) {
            Vector vector = passage.vector();
            if (vector != null && vector.dimensions() == asked.dimensions()) {
                near.put(passage, vector.cosine(asked));
            }
        }
        return near.entrySet().stream()
                .sorted(Map.Entry.<Passage, Double>comparingByValue().reversed())
                .limit(Ranking.CANDIDATES)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** By the sum of reciprocal ranks: what both find comes first, whatever their scores are. */
    private static List<Ranked> fused(List<Ranked> byText, List<Passage> byMeaning, Ranking ranking) {
        Map<Passage, Ranked> all = new LinkedHashMap<>();
        Map<Passage, Double> sums = new HashMap<>();
        for (int i = 0; i < byText.size(); i++) {
            all.put(byText.get(i).passage(), byText.get(i));
            sums.merge(byText.get(i).passage(), 1.0 / (FUSION + i), Double::sum);
        }
        for (int i = 0; i < byMeaning.size(); i++) {
            all.computeIfAbsent(byMeaning.get(i), ranking::rank);
            sums.merge(byMeaning.get(i), 1.0 / (FUSION + i), Double::sum);
        }
        return all.values().stream()
                .sorted((a, b) ->
                        Double.compare(sums.getOrDefault(b.passage(), 0.0), sums.getOrDefault(a.passage(), 0.0)))
                .toList();
    }

    /** Of passages with the same text, the best one. */
    private static List<Ranked> withoutRepetition(List<Ranked> ranked) {
        Set<Long> marks = new HashSet<>();
        return ranked.stream().filter(each -> marks.add(each.passage().mark())).toList();
    }

    @Override
    public void close() {
        index.close();
    }
}
