package io.github.almeidatech.wppflow.router;

import java.lang.management.ManagementFactory;
import java.util.List;

/** Prints the processor time of one classification after warm-up, in microseconds, over the validation messages. */
final class ClassifySpeed {

    private static final int ROUNDS = 40;
    private static final int REPEAT = 10;

    private ClassifySpeed() {}

    public static void main(String[] args) {
        long loading = cpuNanos();
        Router router = Router.builder().build();
        router.classify(Utterance.of("oi"));
        System.out.printf("start-up %.0f ms%n", (cpuNanos() - loading) / 1e6);
        List<Utterance> messages = Labelled.read("validation.jsonl").stream()
                .map(message -> Utterance.of(message.text()))
                .toList();
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpuNanos();
            for (int i = 0; i < REPEAT; i++) {
                messages.forEach(router::classify);
            }
            best = Math.min(best, (cpuNanos() - start) / 1e3 / REPEAT / messages.size());
        }
        System.out.printf("classify %.1f µs a message%n", best);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
