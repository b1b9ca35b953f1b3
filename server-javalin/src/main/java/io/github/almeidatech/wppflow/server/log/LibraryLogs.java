package io.github.almeidatech.wppflow.server.log;

import org.slf4j.bridge.SLF4JBridgeHandler;

/** Libraries that log through {@code java.util.logging}, such as OkHttp and Lucene. */
public final class LibraryLogs {

    private LibraryLogs() {}

    /**
     * From now on their lines are written as ours are: as JSON, masked, at our levels. Twice is as once. Cheap: nothing is
     * configured before the first line.
     */
    public static void join() {
        if (!SLF4JBridgeHandler.isInstalled()) {
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
    }
}
