package io.github.almeidatech.wppflow.server.records;

import io.github.almeidatech.wppflow.baserow.BaserowContactMirror;
import io.github.almeidatech.wppflow.baserow.BaserowException;
import io.github.almeidatech.wppflow.baserow.PushReport;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what has changed about a tenant's contacts into their table in Baserow, again and again. One thread at a time runs
 * it; anybody may ask how it is.
 */
final class ContactPush implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ContactPush.class);
    private static final String TABLE = "contact_rows";

    private final TenantId tenant;
    private final BaserowContactMirror mirror;
    private final Metrics metrics;
    private volatile String trouble = "";
    private volatile boolean stopping;

    ContactPush(TenantId tenant, BaserowContactMirror mirror, Metrics metrics) {
        this.tenant = tenant;
        this.mirror = mirror;
        this.metrics = metrics;
    }

    /** Never throws: the next run must come. */
    @Override
    public void run() {
        if (stopping) {
            return;
        }
        try {
            PushReport report = mirror.push();
            if (report.written() > 0 || !report.refused().isEmpty()) {
                log.info("tenant {}: {} contacts written to Baserow", tenant, report.written());
                metrics.synced(tenant, TABLE, report.refused().isEmpty() ? "ok" : "refused");
                tell(refusals(report.refused()));
            }
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void failed(RuntimeException failure) {
        if (stopping) {
            log.debug("tenant {}: writing contacts to Baserow was cut off by the stop", tenant, failure);
        } else if (failure instanceof BaserowException known) {
            metrics.synced(tenant, TABLE, known.error().word());
            tell(known.error().word());
        } else {
            metrics.synced(tenant, TABLE, "failed");
            log.error("tenant {}: writing contacts to Baserow failed", tenant, failure);
        }
    }

    private static String refusals(Map<String, Integer> refused) {
        return String.join(", ", refused.keySet().stream().sorted().toList());
    }

    private void tell(String now) {
        if (!now.isEmpty() && trouble.isEmpty()) {
            log.warn("tenant {}: contacts wait to be written to Baserow: {}", tenant, now);
        } else if (now.isEmpty() && !trouble.isEmpty()) {
            log.info("tenant {}: contacts can be written to Baserow again", tenant);
        }
        trouble = now;
    }

    /** Begins nothing more; that what is under way is cut off now is no failure. The next start goes on. */
    void stop() {
        stopping = true;
    }

    /** What kept contacts from being written when it was last tried; empty for nothing. */
    String trouble() {
        return trouble;
    }
}
