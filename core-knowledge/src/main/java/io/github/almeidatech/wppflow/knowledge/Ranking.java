package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * Orders passages by how well they meet a question: each unit of the question counts by the best way in which the
 * passage meets it, rare ways more than common ones; titles that the question covers, and passages that meet more of its
 * units, come first.
 */
final class Ranking {

    /** As many are compared in full. */
    static final int CANDIDATES = 60;

    private static final double RARITY = 0.8;
    private static final double SECOND_WAY = 0.08;
    private static final double TITLE = 0.188;
    private static final double COVERAGE = 0.27;
    private static final double MET = 0.15;
    private static final double TELLING_WAY = 0.25;
    /** A way this good names the thing itself, not something wider or related. */
    private static final double SAME_THING = 0.7;
    /** What so large a part of the passages names is what the base is about; of few passages nothing can be told. */
    private static final double MOST_NAME_IT = 0.3;

    private static final int FEW_PASSAGES = 10;
    private static final double SAME_LANGUAGE = 1.25;
    private static final double WHOLE = 1.5;
    /** How much the same meaning is worth beside the same words, in the language of the question and in others. */
    private static final double NEARNESS = 1.75;

    private static final double NEARNESS_OF_OTHER_LANGUAGE = 1;
    /** As many are found by their meaning alone. */
    private static final int NEAREST = 12;
    /** Up to as many each is looked at for its meaning; among more of them words find enough, and looking takes too long. */
    private static final int MOST_LOOKED_AT = 2_000;
    /** How far a word of a known meaning is as common as its meaning: "dog" is just another dog. */
    private static final double BY_MEANING = 0.5;

    private final QueryPlan plan;
    private final SearchIndex.Snapshot index;
    private final @Nullable Vector meaning;
    private final List<List<Way>> asked = new ArrayList<>();
    private final Map<Integer, Double> wayWeights = new HashMap<>();

    /** @param weight how much meeting the unit so is worth, by rarity */
    private record Way(String feature, int hash, double quality, double weight) {}

    /**
     * A passage beside a question.
     *
     * @param titleCover how much of the passage's title the question names, 0 to 1
     * @param nearness of their meanings, -1 to 1; 0 when one has none
     * @param met how well each unit of the question is met, whatever its rarity: 0 not at all, 1 in the same words
     */
    record Ranked(Passage passage, double score, double titleCover, double nearness, List<Double> met) {
        Ranked {
            met = List.copyOf(met);
        }
    }

    Ranking(QueryPlan plan, SearchIndex.Snapshot index, Meanings meanings) {
        this.plan = plan;
        this.index = index;
        this.meaning = meanings.of(plan.named());
        double rarest = rarity(index.size(), 1);
        for (QueryPlan.Unit unit : plan.units()) {
            List<Way> ways = new ArrayList<>();
            int meaning = unit.concepts().stream()
                    .limit(1)
                    .mapToInt(concept -> index.frequency(Feature.concept(concept)))
                    .sum();
            unit.ways().forEach((feature, quality) -> {
                int having = index.frequency(feature);
                int frequency = having == 0 || having >= meaning || Feature.wordOf(feature) == null
                        ? having
                        : (int) Math.round(Math.pow(having, 1 - BY_MEANING) * Math.pow(meaning, BY_MEANING));
                if (frequency > 0) {
                    double weight = quality * Math.pow(rarity(index.size(), frequency) / rarest, RARITY);
                    ways.add(new Way(feature, Profile.hash(feature), quality, weight));
                    wayWeights.merge(Profile.hash(feature), weight, Math::max);
                }
            });
            asked.add(ways);
        }
    }

    private static double rarity(double passages, double having) {
        return Math.log(1 + (Math.max(passages, having) - having + 0.5) / (having + 0.5));
    }

    /** The passages that meet the question at all, or mean nearly the same, best first. */
    List<Ranked> best(@Nullable String domain) {
        return candidates(domain).stream()
                .map(this::rank)
                .filter(ranked -> ranked.score() > 0)
                .sorted(Comparator.comparingDouble(Ranked::score).reversed())
                .toList();
    }

    /** The index is only asked where not all can be candidates. */
    private List<Passage> candidates(@Nullable String domain) {
        if (index.size() <= CANDIDATES) {
            return index.passages(domain);
        }
        var query = new BooleanQuery.Builder();
        for (int i = 0; i < asked.size(); i++) {
            double importance = plan.units().get(i).importance();
            List<Query> any = new ArrayList<>();
            for (Way way : asked.get(i)) {
                Query having = new ConstantScoreQuery(SearchIndex.Snapshot.having(way.feature()));
                any.add(new BoostQuery(having, (float) (way.weight() * importance)));
            }
            if (!any.isEmpty()) {
                query.add(new DisjunctionMaxQuery(any, 0), BooleanClause.Occur.SHOULD);
            }
        }
        Set<Passage> found = new LinkedHashSet<>(index.best(query.build(), domain, CANDIDATES));
        if (meaning != null && index.size() <= MOST_LOOKED_AT) {
            found.addAll(index.nearest(meaning, domain, NEAREST));
        }
        return List.copyOf(found);
    }

    /**
     * For each unit of the question how far it goes without saying here, 0 to 1: a passage of a hotel for dogs need not
     * name the dogs.
     */
    List<Double> granted() {
        List<Double> granted = new ArrayList<>(asked.size());
        for (List<Way> ways : asked) {
            double having = 0;
            for (Way way : ways) {
                if (way.quality() >= SAME_THING) {
                    having = Math.max(having, index.frequency(way.feature()));
                }
            }
            granted.add(index.size() < FEW_PASSAGES ? 0 : Math.min(1, having / index.size() / MOST_NAME_IT));
        }
        return granted;
    }

    /** One passage beside the question. */
    Ranked rank(Passage passage) {
        double score = 0;
        double wanted = 0;
        double met = 0;
        List<Double> qualities = new ArrayList<>(asked.size());
        for (int i = 0; i < asked.size(); i++) {
            double best = 0;
            double second = 0;
            double quality = 0;
            for (Way way : asked.get(i)) {
                double strength = passage.profile().strength(way.hash());
                double gain = way.weight() * strength;
                if (gain > best) {
                    second = best;
                    best = gain;
                } else if (gain > second) {
                    second = gain;
                }
                quality = Math.max(quality, way.quality() * Math.min(1, strength * WHOLE));
            }
            qualities.add(quality);
            double importance = plan.units().get(i).importance();
            score += importance * (best + SECOND_WAY * second);
            wanted += importance;
            met += best > MET ? importance : 0;
        }
        double cover = titleCover(passage);
        score *= (1 + TITLE * cover) * Math.pow((met + 0.3) / (wanted + 0.3), COVERAGE);
        double nearness = meaning == null || passage.meaning() == null ? 0 : meaning.cosine(passage.meaning());
        score = passage.language() == plan.language()
                ? score * SAME_LANGUAGE + NEARNESS * nearness
                : score + NEARNESS_OF_OTHER_LANGUAGE * nearness;
        return new Ranked(passage, score, cover, nearness, qualities);
    }

    private double titleCover(Passage passage) {
        int named = 0;
        for (int[] word : passage.titleWords()) {
            for (int feature : word) {
                if (wayWeights.getOrDefault(feature, 0.0) > TELLING_WAY) {
                    named++;
                    break;
                }
            }
        }
        return passage.titleWords().length == 0 ? 0 : (double) named / passage.titleWords().length;
    }
}
