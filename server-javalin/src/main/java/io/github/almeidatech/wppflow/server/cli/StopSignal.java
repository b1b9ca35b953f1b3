package io.github.almeidatech.wppflow.server.cli;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * What asks the program to stop: SIGTERM or Ctrl-C. Heard here instead of by the JVM, which would end with exit code 143
 * however well everything was brought to its end.
 */
final class StopSignal {

    private final CountDownLatch asked = new CountDownLatch(1);

    private StopSignal() {}

    /** From now on; to be called before anything is started, so that a start under way ends in order too. */
    static StopSignal listen() {
        var stop = new StopSignal();
        Signal.handle(new Signal("TERM"), signal -> stop.asked.countDown());
        Signal.handle(new Signal("INT"), signal -> stop.asked.countDown());
        return stop;
    }

    /**
     * Returns when the program is to stop, at once if that was asked already; the caller closes what is to be closed.
     *
     * @param close done when the program ends in another way, such as by a closed terminal
     */
    void await(Runnable close) throws InterruptedException {
        var otherwise = new Thread(close, "stop");
        Runtime.getRuntime().addShutdownHook(otherwise);
        asked.await();
        Runtime.getRuntime().removeShutdownHook(otherwise);
    }
}
