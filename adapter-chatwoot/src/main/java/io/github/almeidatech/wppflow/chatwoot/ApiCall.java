package io.github.almeidatech.wppflow.chatwoot;

import java.time.Instant;
import java.util.function.BooleanSupplier;
import okhttp3.HttpUrl;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * One call to Chatwoot's API.
 *
 * @param name a fixed name for errors and metrics
 * @param lane whose token, and which pause applies
 * @param token null for the few calls without
 * @param method the HTTP method
 * @param url where
 * @param body null for none
 * @param notAfter nothing is written to the wire from this instant on; null for no such limit
 * @param unwanted asked right before writing, again after a failure; once it says so, nothing is written
 * @param courtesy not worth waiting for: given up after {@link ChatwootHttp#COURTESY_LIMIT}
 */
record ApiCall(
        String name,
        Throttle.Lane lane,
        @Nullable String token,
        String method,
        HttpUrl url,
        @Nullable RequestBody body,
        @Nullable Instant notAfter,
        BooleanSupplier unwanted,
        boolean courtesy) {

    @Override
    public String toString() {
        return "ApiCall[" + name + "]";
    }
}
