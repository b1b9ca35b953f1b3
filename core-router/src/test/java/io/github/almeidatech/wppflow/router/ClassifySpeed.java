package io.github.almeidatech.wppflow.router;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;

/** Prints the processor time of the first use, of learning own intents, and of one classification after warm-up, over the validation messages. */
final class ClassifySpeed {

    private static final int ROUNDS = 40;
    private static final int REPEAT = 10;

    private ClassifySpeed() {}

    public static void main(String[] args) {
        List<Utterance> messages = Labelled.read("validation.jsonl").stream()
                .map(message -> Utterance.of(message.text()))
                .toList();
        long start = cpuNanos();
        Router plain = Router.builder().build();
        plain.classify(messages.get(0));
        System.out.printf("first use %.0f ms%n", millisSince(start));
        System.out.printf("classify %.1f µs a message%n", micros(plain, messages));
        Map<String, List<String>> intents = LearningCurve.intents(LearningCurve.MEASURED);
        for (int examples : new int[] {5, 10, 20}) {
            start = cpuNanos();
            Router router = LearningCurve.taught(intents, examples);
            double first = millisSince(start);
            double again = Double.MAX_VALUE;
            for (int i = 0; i < REPEAT; i++) {
                start = cpuNanos();
                LearningCurve.taught(intents, examples);
                again = Math.min(again, millisSince(start));
            }
            System.out.printf(
                    "%d own intents of %d examples: learnt in %.0f ms, the fastest of %d more in %.0f ms; classify %.1f µs a message%n",
                    intents.size(), examples, first, REPEAT, again, micros(router, messages));
        }
    }

    /** The fastest round. */
    private static double micros(Router router, List<Utterance> messages) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpuNanos();
            for (int i = 0; i < REPEAT; i++) {
                messages.forEach(router::classify);
            }
            best = Math.min(best, (cpuNanos() - start) / 1e3 / REPEAT / messages.size());
        }
        return best;
    }

    private static double millisSince(long start) {
        return (cpuNanos() - start) / 1e6;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
