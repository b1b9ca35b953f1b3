package io.github.almeidatech.wppflow.chatwoot;

import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/**
 * HTTP clients that connect only to public addresses, and to those of private networks where that is permitted; to
 * link-local and other special ones never. The address is checked when the name is looked up and again on the very socket.
 * Redirects are not followed, cookies not kept.
 */
public final class GuardedHttp {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration FIRST_BYTE_LIMIT = Duration.ofSeconds(10);

    private GuardedHttp() {}

    /**
     * A guarded client.
     *
     * @param http shared: its threads are used, its connections, cookies, proxies and interceptors are not
     * @param allowPrivateNetwork whether addresses of private networks and of this machine may be connected to
     */
    public static OkHttpClient of(OkHttpClient http, boolean allowPrivateNetwork) {
        return of(http, new AddressRules(allowPrivateNetwork), Dns.SYSTEM);
    }

    /** Whether a failure of such a client says that an address may not be connected to. */
    public static boolean isRefusal(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) { // looking up a name wraps it
            if (each instanceof ForbiddenAddressException) {
                return true;
            }
        }
        return false;
    }

    static OkHttpClient of(OkHttpClient http, AddressRules rules, Dns names) {
        return new OkHttpClient.Builder()
                .dispatcher(http.dispatcher())
                .connectionPool(new ConnectionPool(2, 10, TimeUnit.SECONDS))
                .sslSocketFactory(http.sslSocketFactory(), trust(http))
                .hostnameVerifier(http.hostnameVerifier())
                .proxy(Proxy.NO_PROXY) // a proxy would make the connection in our place, unchecked
                .dns(new GuardedDns(names, rules))
                .socketFactory(new GuardedSockets(rules))
                .cookieJar(CookieJar.NO_COOKIES)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .connectTimeout(CONNECT_LIMIT)
                .readTimeout(FIRST_BYTE_LIMIT)
                .build();
    }

    private static X509TrustManager trust(OkHttpClient http) {
        X509TrustManager manager = http.x509TrustManager();
        if (manager == null) {
            throw new IllegalStateException("an OkHttp client without TLS");
        }
        return manager;
    }
}
