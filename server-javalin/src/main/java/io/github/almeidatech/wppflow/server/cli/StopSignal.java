package io.github.almeidatech.wppflow.server.cli;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * What asks the program to stop: SIGTERM or Ctrl-C. Heard here instead of by the JVM, which would end with exit code 143
 * however well everything was brought to its end.
 */
final class StopSignal {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final Thread otherwise;

    private StopSignal(Runnable close) {
        this.otherwise = new Thread(close, "stop");
    }

    /** @param close done when the program ends in another way, such as by a closed terminal */
    static StopSignal listen(Runnable close) {
        var stop = new StopSignal(close);
        Runtime.getRuntime().addShutdownHook(stop.otherwise);
        Signal.handle(new Signal("TERM"), signal -> stop.asked.countDown());
        Signal.handle(new Signal("INT"), signal -> stop.asked.countDown());
        return stop;
    }

    /** Returns when the program is to stop; the caller closes what is to be closed. */
    void await() throws InterruptedException {
        asked.await();
        Runtime.getRuntime().removeShutdownHook(otherwise);
    }
}
