package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a process of its own: it is about the whole heap. */
class OldObjectsTest {

    private static final String GARBAGE = "garbage";
    private static final String SMALL_AFTER_LARGE = "small after large";

    @Test
    void old_objects_are_collected_long_before_the_heap_is_full() throws Exception {
        assertThat(run(GARBAGE, "-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-Xmn8m"))
                .isEqualTo("collected twice");
    }

    @Test
    void a_heap_that_was_nearly_full_is_watched_again_when_it_no_longer_is() throws Exception {
        assertThat(run(SMALL_AFTER_LARGE, "-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-Xmn8m"))
                .isEqualTo("watched again");
    }

    @Test
    void another_collector_is_left_alone() throws Exception {
        assertThat(run(GARBAGE, "-XX:+UseParallelGC", "-Xms64m", "-Xmx64m")).isEqualTo("no threshold");
    }

    private static String run(String what, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName(), what));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Puts objects into the old generation, too large for the young one, and forgets them. */
    static final class Program {

        private static final int LARGE = 16 << 20;
        private static Object latest = "";

        private Program() {}

        public static void main(String[] arguments) {
            OldObjects.keepFew();
            if (ManagementFactory.getMemoryPoolMXBeans().stream()
                    .noneMatch(pool -> pool.isUsageThresholdSupported() && pool.getUsageThreshold() > 0)) {
                System.out.println("no threshold");
                return;
            }
            MemoryPoolMXBean old = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getName().equals("Tenured Gen"))
                    .findFirst()
                    .orElseThrow();
            if (arguments[0].equals(GARBAGE)) {
                makeGarbageTwice(old);
            } else {
                fillAndForget(old);
            }
        }

        private static void makeGarbageTwice(MemoryPoolMXBean old) {
            for (int times = 1; times <= 2; times++) {
                while (old.getUsage().getUsed() < 64 << 20) {
                    latest = new byte[LARGE];
                }
                fillYoung(); // a threshold is looked at after a collection of the young ones
                int collected = times;
                await().atMost(Duration.ofSeconds(60)).until(() -> collections() >= collected);
            }
            System.out.println("collected twice");
        }

        private static void fillAndForget(MemoryPoolMXBean old) {
            List<byte[]> kept = new ArrayList<>();
            while (old.getUsage().getUsed() < old.getUsage().getMax() / 100 * 90) {
                kept.add(new byte[LARGE / 2]);
                fillYoung();
            }
            kept.clear();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                latest = new byte[LARGE];
                fillYoung();
                return old.getUsageThreshold() > 0 && old.getUsageThreshold() < 64 << 20;
            });
            System.out.println("watched again");
        }

        private static void fillYoung() {
            for (int i = 0; i < 16 << 10; i++) {
                latest = new byte[1 << 10];
            }
        }

        /** Of all objects, old ones too. */
        private static long collections() {
            return ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .filter(collector -> collector.getName().equals("MarkSweepCompact"))
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum();
        }
    }
}
