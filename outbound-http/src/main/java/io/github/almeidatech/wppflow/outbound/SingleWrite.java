package io.github.almeidatech.wppflow.outbound;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Keeps a request from being written to the wire twice, or too late, and knows whether it was written at all: what fails
 * before is certainly without effect. OkHttp repeats some requests by itself even when told not to, such as after a 503 with
 * {@code Retry-After: 0}. One for each call. Thread-safe.
 */
public final class SingleWrite {

    private final boolean repeatable;
    private final BooleanSupplier tooLate;
    private volatile boolean begun;

    private SingleWrite(boolean repeatable, BooleanSupplier tooLate) {
        this.repeatable = repeatable;
        this.tooLate = tooLate;
    }

    /** For a request that may do its work each time it arrives. */
    public static SingleWrite once() {
        return new SingleWrite(false, () -> false);
    }

    /**
     * For a request with an end to its time.
     *
     * @param repeatable whether it does no harm when it is written again, over another connection
     * @param tooLate asked when there is a connection; once it says so, nothing is written
     */
    public static SingleWrite of(boolean repeatable, BooleanSupplier tooLate) {
        return new SingleWrite(repeatable, tooLate);
    }

    /** Makes a client heed the {@code SingleWrite} of its requests. */
    public static OkHttpClient.Builder heededBy(OkHttpClient.Builder client) {
        return client.addNetworkInterceptor(SingleWrite::intercept);
    }

    /** Has this watch over a request. */
    public Request.Builder watch(Request.Builder request) {
        return request.tag(SingleWrite.class, this);
    }

    /** Runs when there is a connection and before the first byte is written to it. */
    private static Response intercept(Interceptor.Chain chain) throws IOException {
        SingleWrite write = chain.request().tag(SingleWrite.class);
        if (write != null) {
            write.begin();
        }
        return chain.proceed(chain.request());
    }

    private void begin() throws IOException {
        if (begun && !repeatable) {
            throw new IOException("written once already");
        }
        if (tooLate.getAsBoolean()) {
            throw new IOException("too late to begin");
        }
        begun = true;
    }

    /** Whether its first byte may have left. */
    public boolean begun() {
        return begun;
    }
}
