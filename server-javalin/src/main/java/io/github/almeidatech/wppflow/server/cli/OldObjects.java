package io.github.almeidatech.wppflow.server.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import javax.management.NotificationEmitter;

/**
 * Has the old objects of the heap collected whenever they take 15 % more than after the last time, and 40 MB. The serial
 * collector of Java 17 does that by itself each time it had to grow; that of Java 25 goes on growing up to {@code -Xmx} first,
 * and all of it would be resident in a process that has run for weeks. Other collectors are left alone.
 */
final class OldObjects {

    private static final String SERIAL = "Tenured Gen";
    private static final int PERCENT_MORE = 15;
    /** Of what the old objects may take at all. */
    private static final int MOST_PERCENT = 95;
    /** What a server with little to do takes: before, there is nothing to gain. */
    private static final long ALWAYS_ALLOWED = 40L << 20;

    private final MemoryPoolMXBean pool;
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

    private OldObjects(MemoryPoolMXBean pool) {
        this.pool = pool;
    }

    /** From now until the process ends; costs nothing between collections, and some 0.1 to 0.2 s of pause for each. */
    static void keepFew() {
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(SERIAL) && pool.isUsageThresholdSupported())
                .forEach(pool -> new OldObjects(pool).watch());
    }

    private void watch() {
        ((NotificationEmitter) memory)
                .addNotificationListener(
                        (notification, pools) -> collect(),
                        notification -> notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED),
                        null);
        allowSomeMore();
    }

    private void collect() {
        memory.gc();
        allowSomeMore();
    }

    private void allowSomeMore() {
        MemoryUsage usage = pool.getUsage();
        long allowed = Math.max(ALWAYS_ALLOWED, usage.getUsed() / 100 * (100 + PERCENT_MORE));
        long most = usage.getMax() / 100 * MOST_PERCENT; // were it out of reach, nothing would ever be noticed again
        pool.setUsageThreshold(Math.min(allowed, most));
    }
}
