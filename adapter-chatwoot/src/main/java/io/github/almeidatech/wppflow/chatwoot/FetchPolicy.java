package io.github.almeidatech.wppflow.chatwoot;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant's files may be fetched from: its Chatwoot, and the storage Chatwoot redirects to. An origin written with
 * {@code http} is a permission to use it without TLS. Immutable.
 */
public final class FetchPolicy {

    private final Set<Origin> origins = new HashSet<>();
    private final boolean allowPrivateNetwork;
    private final AddressRules addresses;

    /**
     * @param origins such as {@code https://chat.example.com} or {@code http://10.0.0.5:3000}; paths are ignored
     * @param allowPrivateNetwork whether these origins may have addresses of private networks or of this machine; link-local
     *     ones never
     * @throws IllegalArgumentException for what is not a plain http(s) address
     */
    public FetchPolicy(Collection<String> origins, boolean allowPrivateNetwork) {
        for (String origin : origins) {
            this.origins.add(Origin.of(Origin.readUrl(origin)
                    .orElseThrow(() ->
                            new IllegalArgumentException("an origin is scheme, host and maybe port: " + origin))));
        }
        this.allowPrivateNetwork = allowPrivateNetwork;
        this.addresses = new AddressRules(allowPrivateNetwork);
    }

    /** Whether a text is an http(s) address whose origin can be told beyond doubt. */
    public static boolean isOrigin(String text) {
        return Origin.readUrl(text).isPresent();
    }

    /**
     * Whether it may be asked for this address: strictly spelled, at one of the origins. Where it leads is judged when it is
     * fetched.
     */
    public boolean permits(String url) {
        return Origin.readUrl(url).filter(this::permits).isPresent();
    }

    boolean permits(HttpUrl url) {
        return origins.contains(Origin.of(url));
    }

    AddressRules addresses() {
        return addresses;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FetchPolicy policy
                && origins.equals(policy.origins)
                && allowPrivateNetwork == policy.allowPrivateNetwork;
    }

    @Override
    public int hashCode() {
        return origins.hashCode();
    }

    @Override
    public String toString() {
        return "FetchPolicy" + origins + (allowPrivateNetwork ? ", private network" : "");
    }
}
