package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Inside the server: the system's clock, and as far beside it as a file says. Public because {@link KillPointAgent} writes its
 * use into the server.
 */
public final class ShiftedClock implements InstantSource {

    private static final long POLL_NANOS = 10_000_000;
    private static final ShiftedClock CLOCK = new ShiftedClock();

    private volatile Duration shift = Duration.ZERO;
    private volatile @Nullable Path taken;

    private ShiftedClock() {}

    /** In the place of {@link InstantSource#system()}. */
    public static InstantSource source() {
        Path file = CLOCK.taken;
        if (file != null) {
            try {
                Files.writeString(file, "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return CLOCK;
    }

    /**
     * Outside the server: turns the clock of the one that follows this file.
     *
     * @throws IllegalStateException when no server goes by it, so that turning it would show nothing
     */
    static void turn(Path file, Duration shift) throws IOException {
        if (!Files.exists(takenFile(file))) {
            throw new IllegalStateException("no server goes by the clock that is to be turned");
        }
        Files.writeString(file, shift.toString());
    }

    private static Path takenFile(Path file) {
        return file.resolveSibling(file.getFileName() + "-taken");
    }

    /** Follows a file that may hold a duration. */
    static void follow(Path file) {
        CLOCK.taken = takenFile(file);
        CLOCK.read(file);
        var thread = new Thread(
                () -> {
                    while (true) {
                        LockSupport.parkNanos(POLL_NANOS);
                        CLOCK.read(file);
                    }
                },
                "shifted-clock");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(Path file) {
        try {
            shift = Duration.parse(Files.readString(file));
        } catch (IOException e) {
            shift = Duration.ZERO;
        }
    }

    @Override
    public Instant instant() {
        return InstantSource.system().instant().plus(shift);
    }
}
