package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Prints time and memory of the knowledge base at 10 000 made-up documents of 120 words, and beside it how long the machine
 * takes to sort a million numbers, so that figures of different days can be compared. Run it with a fixed heap, such as
 * {@code -Xmx512m}; it is no test, because figures depend on the machine.
 */
final class KnowledgeBenchmark {

    private static final int DOCUMENTS = 10_000;
    private static final int QUERIES = 3_000;

    private KnowledgeBenchmark() {}

    public static void main(String[] arguments) {
        printSpeedOfMachine();
        var random = new Random(1);
        List<String> words = vocabulary(random);
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            documents.add(new Document("d" + i, sentence(words, random, 5), sentence(words, random, 120), null));
        }
        var tenant = new TenantId("bench");
        long empty = used();
        long start = System.nanoTime();
        long startCpu = cpu();
        var base = KnowledgeBase.inMemory();
        base.query(tenant, Question.of("oi"));
        System.out.printf("start %d ms (cpu %d ms)%n", millis(start), (cpu() - startCpu) / 1_000_000);
        long before = used();
        System.out.printf("memory of lexicon and language: %d MB%n", (before - empty) >> 20);
        start = System.nanoTime();
        startCpu = cpu();
        base.put(tenant, documents);
        System.out.printf(
                "index %d documents: %d ms (cpu %d ms)%n", DOCUMENTS, millis(start), (cpu() - startCpu) / 1_000_000);
        System.out.printf("memory with the documents: %d MB more%n", (used() - before) >> 20);

        List<String> asked = new ArrayList<>();
        FaqCollection.BUSINESSES.forEach(
                each -> FaqCollection.ofTests(each).questions().forEach(one -> asked.add(one.text())));
        for (int i = 0; i < QUERIES; i++) {
            base.query(tenant, Question.of(asked.get(i % asked.size())));
        }
        var took = new long[QUERIES];
        var tookCpu = new long[QUERIES];
        for (int i = 0; i < QUERIES; i++) {
            String text = i % 3 == 0 ? sentence(words, random, 8) : asked.get(i % asked.size());
            long from = System.nanoTime();
            long fromCpu = cpu();
            base.query(tenant, Question.of(text));
            took[i] = System.nanoTime() - from;
            tookCpu[i] = cpu() - fromCpu;
        }
        print("query", took);
        print("query, cpu", tookCpu);

        start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            base.put(tenant, List.of(new Document("d" + i, "Novo " + i, sentence(words, random, 120), null)));
            base.query(tenant, Question.of("novo " + i));
        }
        System.out.printf("one document changed and asked for: %.1f ms%n", millis(start) / 100.0);
        base.close();
        printSpeedOfMachine();
    }

    private static void printSpeedOfMachine() {
        var took = new long[11];
        for (int i = 0; i < took.length; i++) {
            long[] numbers = new Random(i).longs(1_000_000).toArray();
            long start = cpu();
            Arrays.sort(numbers);
            took[i] = cpu() - start;
        }
        Arrays.sort(took);
        System.out.printf("sort a million numbers: %.0f ms (cpu)%n", took[took.length / 2] / 1e6);
    }

    /** Words of real texts, repeated as in language: few often, many seldom. */
    private static List<String> vocabulary(Random random) {
        List<String> words = new ArrayList<>();
        for (String business : FaqCollection.BUSINESSES) {
            for (Document document : FaqCollection.ofTests(business).documents()) {
                words.addAll(List.of((document.title() + " " + document.content()).split("\\s+")));
            }
        }
        for (int i = 0; i < 6_000; i++) {
            var word = new StringBuilder();
            for (int syllable = 0; syllable < 2 + random.nextInt(3); syllable++) {
                word.append("bcdfglmnprstv".charAt(random.nextInt(13))).append("aeiou".charAt(random.nextInt(5)));
            }
            words.add(word.toString());
        }
        return words;
    }

    private static String sentence(List<String> words, Random random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : " ").append(words.get(random.nextInt(words.size())));
        }
        return text.toString();
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                "%s: p50 %.2f ms, p95 %.2f ms, p99 %.2f ms, most %.2f ms%n",
                what,
                nanos[QUERIES / 2] / 1e6,
                nanos[QUERIES * 95 / 100] / 1e6,
                nanos[QUERIES * 99 / 100] / 1e6,
                nanos[QUERIES - 1] / 1e6);
    }

    /** Of this thread: on a busy machine the better figure. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long millis(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static long used() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
