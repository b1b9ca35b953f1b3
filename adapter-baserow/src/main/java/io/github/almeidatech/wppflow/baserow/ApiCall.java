package io.github.almeidatech.wppflow.baserow;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One call to Baserow's API.
 *
 * @param name a fixed name for errors and metrics
 * @param method the HTTP method
 * @param url where, with a slash at the end of its path
 * @param body null for none
 * @param notAfter nothing is written to the wire from this instant on; null for no such limit
 */
record ApiCall(
        String name,
        String method,
        HttpUrl url,
        @Nullable JsonNode body,
        @Nullable Instant notAfter) {

    boolean batch() {
        return name.endsWith("_batch");
    }

    @Override
    public String toString() {
        return "ApiCall[" + name + "]";
    }
}
