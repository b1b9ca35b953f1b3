package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/** Sends requests over many connections and measures how long the answers take. */
final class Traffic {

    private final List<Integer> ports;
    private final int connections;
    private final AtomicInteger opened = new AtomicInteger();

    /**
     * Traffic to loopback.
     *
     * @param ports of the servers, among which the connections are shared out
     * @param connections each with a thread and one request at a time
     */
    Traffic(List<Integer> ports, int connections) {
        this.ports = List.copyOf(ports);
        this.connections = connections;
    }

    private Wire connection() throws IOException {
        return new Wire(ports.get(opened.getAndIncrement() % ports.size()));
    }

    /**
     * What was measured.
     *
     * @param nanos of each answer, ascending
     * @param refused answers that were not 200
     */
    record Measured(long[] nanos, int refused, Duration took) {

        double perSecond() {
            return nanos.length / (took.toNanos() / 1e9);
        }

        double millis(double quantile) {
            int index = (int) Math.ceil(quantile * nanos.length) - 1;
            return nanos.length == 0 ? 0 : nanos[Math.max(0, index)] / 1e6;
        }

        @Override
        public String toString() {
            return "Measured[" + nanos.length + " answers, " + refused + " refused]";
        }
    }

    /** As fast as the connections allow: the most the server takes. Each sends the next request when it has its answer. */
    Measured asFastAsPossible(int requests, IntFunction<byte[]> request) throws InterruptedException {
        var next = new AtomicInteger();
        return measure(() -> {
            var nanos = LongStream.builder();
            int refused = 0;
            try (var wire = connection()) {
                for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                    long begin = System.nanoTime();
                    refused += wire.send(request.apply(i)) == 200 ? 0 : 1;
                    nanos.add(System.nanoTime() - begin);
                }
            }
            return new Measured(nanos.build().toArray(), refused, Duration.ZERO);
        });
    }

    /**
     * At a fixed rate, whatever the server does: an answer is measured from the moment at which its request was due, so
     * that a pause of the server is seen by all who would have come meanwhile.
     */
    Measured atRate(double perSecond, int requests, IntFunction<byte[]> request) throws InterruptedException {
        var next = new AtomicInteger();
        long start = System.nanoTime();
        return measure(() -> {
            var nanos = LongStream.builder();
            int refused = 0;
            try (var wire = connection()) {
                for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                    long due = start + (long) (i * 1e9 / perSecond);
                    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                        LockSupport.parkNanos(wait);
                    }
                    refused += wire.send(request.apply(i)) == 200 ? 0 : 1;
                    nanos.add(System.nanoTime() - due);
                }
            }
            return new Measured(nanos.build().toArray(), refused, Duration.ZERO);
        });
    }

    private Measured measure(Callable<Measured> connection) throws InterruptedException {
        var threads = Executors.newFixedThreadPool(connections);
        long begin = System.nanoTime();
        try {
            List<Future<Measured>> parts = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                parts.add(threads.submit(connection));
            }
            long[] nanos = new long[0];
            int refused = 0;
            for (Future<Measured> part : parts) {
                Measured measured = part.get();
                int before = nanos.length;
                nanos = Arrays.copyOf(nanos, before + measured.nanos().length);
                System.arraycopy(measured.nanos(), 0, nanos, before, measured.nanos().length);
                refused += measured.refused();
            }
            Arrays.sort(nanos);
            return new Measured(nanos, refused, Duration.ofNanos(System.nanoTime() - begin));
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException("the traffic broke off", e.getCause()));
        } finally {
            threads.shutdownNow();
        }
    }
}
