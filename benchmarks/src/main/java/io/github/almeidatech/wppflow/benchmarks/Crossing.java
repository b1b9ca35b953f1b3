package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Inside the server that is to die: counts the passings of the steps of the {@link KillPoint} that the order names, and
 * ends the process at the wanted one. Its one state belongs to the process, as its death does; called from the server's own
 * classes, into which {@link KillPointAgent} has written the calls, and therefore public.
 */
public final class Crossing {

    private static final long POLL_NANOS = 10_000_000;
    private static final int STEPS = 10;
    private static final int KILLED = 137;
    private static final int LUMP = 8 << 20;

    private static volatile @Nullable Crossing current;

    private final KillPoint point;
    private final Order order;
    private int next;
    private int passings;

    private Crossing(KillPoint point, Order order) {
        this.point = point;
        this.order = order;
    }

    /** How the process ends. */
    enum Death {
        /** As by {@code kill -9}. */
        HALT,
        /** By asking for more memory than there is. */
        MEMORY
    }

    /**
     * What the harness wants, handed over in a file.
     *
     * @param passing the process ends at this one, 1 for the first
     */
    record Order(String point, int passing, Death death) {

        void writeTo(Path file) throws IOException {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, point + " " + passing + " " + death);
            Files.move(
                    fresh,
                    file,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }

        static @Nullable Order read(Path file) {
            try {
                String[] words = Files.readString(file).split(" ");
                return new Order(words[0], Integer.parseInt(words[1]), Death.valueOf(words[2]));
            } catch (IOException e) {
                return null;
            }
        }
    }

    /** Follows the orders in a file, the present one from now on. */
    static void follow(Path file) {
        obey(file);
        var thread = new Thread(
                () -> {
                    while (true) {
                        LockSupport.parkNanos(POLL_NANOS);
                        obey(file);
                    }
                },
                "kill-point");
        thread.setDaemon(true);
        thread.start();
    }

    private static void obey(Path file) {
        Order order = Order.read(file);
        Crossing now = current;
        if (order == null) {
            current = null;
        } else if (now == null || !now.order.equals(order)) {
            current = new Crossing(KillPoint.valueOf(order.point()), order);
        }
    }

    /** The number by which a step is known in the server. */
    static int number(KillPoint point, int step) {
        return point.ordinal() * STEPS + step;
    }

    /** The server is at a step. */
    public static void pass(int number) {
        Crossing wanted = current;
        if (wanted != null && wanted.point.ordinal() == number / STEPS) {
            wanted.at(number % STEPS);
        }
    }

    private synchronized void at(int step) {
        if (step != next) {
            return;
        }
        next++;
        if (next < point.steps().size()) {
            return;
        }
        next = 0;
        passings++;
        if (passings == order.passing()) {
            die();
        }
    }

    private void die() {
        if (order.death() == Death.MEMORY) {
            Object[] all = {};
            while (true) {
                all = new Object[] {all, new byte[LUMP]};
            }
        }
        if (point.within().isZero()) {
            Runtime.getRuntime().halt(KILLED);
        }
        long wait = ThreadLocalRandom.current().nextLong(point.within().toNanos());
        new Thread(() -> {
                    LockSupport.parkNanos(wait);
                    Runtime.getRuntime().halt(KILLED);
                })
                .start();
    }
}
