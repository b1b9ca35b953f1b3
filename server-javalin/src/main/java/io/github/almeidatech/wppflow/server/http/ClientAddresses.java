package io.github.almeidatech.wppflow.server.http;

import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;

/**
 * From where a request comes. What proxies say ({@code X-Forwarded-For}) counts only when it is a trusted proxy that says
 * it: the last address named there is the one that proxy saw (security default A12). Immutable.
 */
final class ClientAddresses {

    private final Networks trusted;

    /**
     * @param trustedProxies addresses and networks, such as {@code 10.0.0.0/8}
     * @throws IllegalArgumentException when one is none
     */
    ClientAddresses(List<String> trustedProxies) {
        trusted = new Networks(trustedProxies);
    }

    String of(Context ctx) {
        String peer = ctx.req().getRemoteAddr();
        if (!isTrusted(peer)) {
            return peer;
        }
        String last = "";
        // Several lines mean what one with commas between them means (RFC 9110, section 5.3).
        for (String line : Collections.list(ctx.req().getHeaders("X-Forwarded-For"))) {
            last = line.substring(line.lastIndexOf(',') + 1).strip();
        }
        return last.isEmpty() || last.length() > 45 ? peer : last;
    }

    /** @param address in digits, as a socket names it */
    boolean isTrusted(String address) {
        return trusted.contains(address);
    }
}
